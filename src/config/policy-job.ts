/** Puts the job's file, which a policy names in `retrain.job`, in its place, so that one schema checks both. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../domain/message-of.ts';
import { readYaml, type YamlReading } from './yaml-text.ts';

const FILE = /^(?!\/)(?!.*\.\.)[\w./-]{1,200}\.ya?ml$/;

export interface PlacedJob {
  /** The policy with its job written out, or as it was where that cannot be read. */
  readonly value: unknown;
  /** The job's file as it was read; null where the policy names none, or it cannot be read at all. */
  readonly reading: YamlReading | null;
  /** Why the file cannot be read; belongs to the path `retrain.job`. */
  readonly fault: string | null;
}

/** The name of the job's file in a policy as it was parsed, or null when it has none. */
export function jobFileOf(policy: unknown): string | null {
  const job = memberOf(memberOf(policy, 'retrain'), 'job');
  return typeof job === 'string' ? job : null;
}

/** A policy whose job is written out in it stays as it is. */
export function placeJob(policy: unknown, folder: string): PlacedJob {
  const file = jobFileOf(policy);
  const asItWas = { value: policy, reading: null };
  if (file === null) return { ...asItWas, fault: null };
  if (!FILE.test(file)) return { ...asItWas, fault: 'must be the path of a .yml file below the folder of the policy' };
  try {
    const reading = readYaml(file, readFileSync(join(folder, file), 'utf8'));
    if (!reading.ok) return { value: policy, reading, fault: null };
    const retrain = { ...(memberOf(policy, 'retrain') as object), job: reading.value };
    return { value: { ...(policy as object), retrain }, reading, fault: null };
  } catch (error) {
    const reason = messageOf(error);
    return { ...asItWas, fault: `names ${file}, which cannot be read: ${reason}` };
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
