/** Reads YAML with the places of its values, so that a problem can be told with file, line and column. */

import { isMap, isNode, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { messageOf } from '../domain/message-of.ts';
import type { Problem } from './configuration-error.ts';

const MAX_FILE_BYTES = 65_536;
const MAX_ALIASES = 20;

type YamlDocument = ReturnType<typeof parseDocument>;
type Path = readonly PropertyKey[];

/** Where the values of a file stand. */
export interface YamlPlaces {
  readonly file: string;
  readonly document: YamlDocument;
  readonly lines: LineCounter;
}

export type YamlReading =
  | { readonly ok: true; readonly value: unknown; readonly places: YamlPlaces }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `file` is the name to show; repeated keys, unknown tags and files above 64 KiB are refused. */
export function readYaml(file: string, text: string): YamlReading {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    return { ok: false, problems: [{ where: file, what: `is larger than ${MAX_FILE_BYTES} bytes` }] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { strict: true, uniqueKeys: true, lineCounter: lines, prettyErrors: false });
  const places = { file, document, lines };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    const problems = faults.map(({ message, pos }) => ({ where: placeAt(places, pos[0]), what: message }));
    return { ok: false, problems };
  }
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown, places };
  } catch (error) {
    const reason = messageOf(error);
    const what = `cannot be read: ${reason} (at most ${MAX_ALIASES} aliases are resolved)`;
    return { ok: false, problems: [{ where: file, what }] };
  }
}

/** `whole` names the file where a problem is that of all of it. */
export function problemsOfIssue(places: YamlPlaces, issue: z.core.$ZodIssue, whole: string): readonly Problem[] {
  if (issue.code !== 'unrecognized_keys') {
    const name = textOf(issue.path) || whole;
    return [{ where: placeOf(places, issue.path), what: `${name} ${sentenceOf(issue)}` }];
  }
  return issue.keys.map((key) => {
    const path = [...issue.path, key];
    const where = placeAt(places, keyOffsetOf(places.document, path));
    return { where, what: `${textOf(path)} is no known key; check its spelling` };
  });
}

/** Where the value of a path stands, or the nearest thing around it that exists. */
export function placeOf(places: YamlPlaces, path: Path): string {
  return placeAt(places, offsetOf(places.document, path));
}

/** `steps[1].weight` */
export function textOf(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  const missing =
    issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message);
  return missing
    ? 'is missing'
    : issue.message.replace(/^Invalid input: /, 'is wrong: ').replace(/^Too (small|big): /, 'is too $1: ');
}

function placeAt({ file, lines }: YamlPlaces, offset: number | undefined): string {
  if (offset === undefined) return file;
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}

function offsetOf(document: YamlDocument, path: Path): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}

function keyOffsetOf(document: YamlDocument, path: Path): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return offsetOf(document, path);
  const pair = parent.items.find(({ key }) => isNode(key) && String(key) === String(path.at(-1)));
  return (pair?.key as Node | undefined)?.range?.[0] ?? offsetOf(document, path);
}
