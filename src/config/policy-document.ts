/** Parses one policy file: YAML with positions first, then the schema; every problem says file, line, column and path. */
import { isMap, isNode, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { RolloutPolicy } from '../domain/policy/policy.ts';
import type { Problem } from './configuration-error.ts';
import { crossProblems } from './policy-cross-checks.ts';
import { jobFileOf, placeJob } from './policy-job.ts';
import { policySchema } from './policy-schema.ts';

const MAX_FILE_BYTES = 65_536;
const MAX_ALIASES = 20;

export type PolicyReading =
  | { readonly ok: true; readonly policy: RolloutPolicy }
  | { readonly ok: false; readonly problems: readonly Problem[] };

type YamlDocument = ReturnType<typeof parseDocument>;
type Path = readonly PropertyKey[];

/** `file` is the name to show, `folder` where its job lies; repeated keys, unknown tags and files above 64 KiB are refused. */
export function parsePolicy(file: string, text: string, folder: string): PolicyReading {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    return { ok: false, problems: [{ where: file, what: `is larger than ${MAX_FILE_BYTES} bytes` }] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { strict: true, uniqueKeys: true, lineCounter: lines, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    const problems = faults.map(({ message, pos }) => ({ where: placeOf(file, lines, pos[0]), what: message }));
    return { ok: false, problems };
  }
  const value = plainValueOf(document);
  if (!value.ok) return { ok: false, problems: [{ where: file, what: value.reason }] };
  const placed = placeJob(value.value, folder);
  if (!placed.ok) {
    const where = placeOf(file, lines, offsetOf(document, ['retrain', 'job']));
    return { ok: false, problems: [{ where, what: `retrain.job ${placed.what}` }] };
  }
  const parsed = policySchema.safeParse(placed.value);
  const crossed = crossProblems(value.value).map(({ path, message }) => ({
    where: placeOf(file, lines, offsetOf(document, path)),
    what: `${textOf(path)} ${message}`,
  }));
  if (parsed.success && crossed.length === 0) return { ok: true, policy: parsed.data };
  const issues = parsed.error?.issues ?? [];
  return { ok: false, problems: [...issues.flatMap((issue) => problemsOf(file, document, lines, issue)), ...crossed] };
}

/** The job's file that a policy names, or null: also when it is no policy at all. */
export function jobFileIn(text: string): string | null {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) return null;
  const value = plainValueOf(parseDocument(text, { prettyErrors: false }));
  return value.ok ? jobFileOf(value.value) : null;
}

function plainValueOf(document: YamlDocument) {
  try {
    return { ok: true as const, value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false as const, reason: `cannot be read: ${reason} (at most ${MAX_ALIASES} aliases are resolved)` };
  }
}

function problemsOf(file: string, document: YamlDocument, lines: LineCounter, issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== 'unrecognized_keys') {
    const what = `${textOf(issue.path) || 'the policy'} ${sentenceOf(issue)}`;
    return [{ where: placeOf(file, lines, offsetOf(document, issue.path)), what }];
  }
  return issue.keys.map((key) => {
    const path = [...issue.path, key];
    return {
      where: placeOf(file, lines, keyOffsetOf(document, path)),
      what: `${textOf(path)} is no known key; check its spelling`,
    };
  });
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  const missing =
    issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message);
  return missing
    ? 'is missing'
    : issue.message.replace(/^Invalid input: /, 'is wrong: ').replace(/^Too (small|big): /, 'is too $1: ');
}

/** `steps[1].weight` */
function textOf(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function placeOf(file: string, lines: LineCounter, offset: number | undefined): string {
  if (offset === undefined) return file;
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}

/** Where the value of a path stands, or the nearest thing around it that exists. */
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
