/** Puts the job's file, which a policy names in `retrain.job`, in its place, so that one schema checks both. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const MAX_FILE_BYTES = 65_536;
const MAX_ALIASES = 20;
const FILE = /^(?!\/)(?!.*\.\.)[\w./-]{1,200}\.ya?ml$/;

export type JobPlacing =
  | { readonly ok: true; readonly value: unknown }
  /** What is wrong with the file; belongs to the path `retrain.job`. */
  | { readonly ok: false; readonly what: string };

/** The name of the job's file in a policy as it was parsed, or null when it has none. */
export function jobFileOf(policy: unknown): string | null {
  const job = memberOf(memberOf(policy, 'retrain'), 'job');
  return typeof job === 'string' ? job : null;
}

/** A policy whose job is written out in it stays as it is. */
export function placeJob(policy: unknown, folder: string): JobPlacing {
  const file = jobFileOf(policy);
  if (file === null) return { ok: true, value: policy };
  if (!FILE.test(file)) return { ok: false, what: 'must be the path of a .yml file below the folder of the policy' };
  try {
    const text = readFileSync(join(folder, file), 'utf8');
    if (text.length > MAX_FILE_BYTES)
      return { ok: false, what: `names ${file}, which is larger than ${MAX_FILE_BYTES} bytes` };
    const job: unknown = parse(text, { strict: true, uniqueKeys: true, maxAliasCount: MAX_ALIASES });
    return { ok: true, value: { ...(policy as object), retrain: { ...(memberOf(policy, 'retrain') as object), job } } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, what: `names ${file}, which cannot be read: ${reason}` };
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
