/** No circle of imports between folders or between files, types counted; the known ones can only become fewer. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KNOWN_FILES, KNOWN_FOLDERS } from './known-circles.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const TREES = ['local', 'demo', 'src'];

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

function filesOf(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

/** Relative imports of a file, types included, as paths from the root. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s+'(\.[^']+)'|import\('(\.[^']+)'\)/g)].map((match) =>
    relative(ROOT, resolve(ROOT, dirname(file), String(match[1] ?? match[2]))),
  );
}

/** The arrows between the things that `name` makes of files. */
function graphOf(files: readonly string[], name: (file: string) => string): Graph {
  const graph = new Map<string, Set<string>>(files.map((file) => [name(file), new Set()]));
  for (const file of files) {
    for (const target of importsOf(file)) {
      if (name(target) !== name(file)) graph.get(name(file))?.add(name(target));
    }
  }
  return graph;
}

/** Everything that can be reached from `start` in one step or more. */
function reachedFrom(graph: Graph, start: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...(graph.get(start) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    waiting.push(...(graph.get(next) ?? []));
  }
  return reached;
}

/** All names that reach themselves, sorted. */
function inCircles(graph: Graph): readonly string[] {
  return [...graph.keys()].filter((name) => reachedFrom(graph, name).has(name)).sort();
}

const FILES = TREES.flatMap(filesOf);

describe('circles of imports', () => {
  it('a circle is found, whatever leads into it or out of it', () => {
    const arrows = { in: ['a'], a: ['b'], b: ['c'], c: ['a', 'out'], out: [] };
    const graph = new Map(Object.entries(arrows).map(([from, to]) => [from, new Set<string>(to)]));
    expect(inCircles(graph)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    { kind: 'folder', name: dirname, known: KNOWN_FOLDERS },
    { kind: 'file', name: (file: string) => file, known: KNOWN_FILES },
  ])('no $kind lies in a circle but the known ones, and an opened circle leaves the list', ({ name, known }) => {
    const graph = graphOf(FILES, name);
    expect([...graph.values()].some((targets) => targets.size > 0)).toBe(true);
    const found = inCircles(graph);
    expect({
      added: found.filter((one) => !known.includes(one)),
      opened: known.filter((one) => !found.includes(one)),
    }).toEqual({ added: [], opened: [] });
  });
});
