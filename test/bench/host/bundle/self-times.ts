/** Turns a CPU profile of a start into milliseconds per package: what Node does counts for the package that asked for it. */
import type { Profiler } from 'node:inspector';

export interface SelfTime {
  readonly name: string;
  readonly ms: number;
}

/** Where a function comes from; null for one of Node's own. */
export type NameOf = (url: string, line: number, column: number) => string | null;

/** Compiling a file happens before any of its packages runs, so it has a line of its own. */
const COMPILE = 'wrapSafe';

export function selfTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, nameOf: NameOf): SelfTime[] {
  const names = namesById(nodes, nameOf);
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '(Node)';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  }
  return [...times].map(([name, ms]) => ({ name, ms })).sort((a, b) => b.ms - a.ms);
}

/** Parents come before their children in a profile. */
function namesById(nodes: readonly Profiler.ProfileNode[], nameOf: NameOf): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const { id, callFrame, children = [] } of nodes) {
    const { url, lineNumber, columnNumber, functionName } = callFrame;
    const own = functionName === COMPILE ? '(compile)' : nameOf(url, lineNumber, columnNumber);
    const name = own ?? names.get(id);
    if (name === undefined) continue;
    names.set(id, name);
    for (const child of children) names.set(child, name);
  }
  return names;
}
