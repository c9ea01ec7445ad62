/** Reads every policy of a folder; two policies never claim the same model on the same endpoint. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../domain/message-of.ts';
import { createPolicies, type Policies } from '../domain/policy/policies.ts';
import type { RolloutPolicy } from '../domain/policy/policy.ts';
import type { Problem } from './configuration-error.ts';
import { jobFileIn, type PolicyReading, parsePolicy } from './policy-document.ts';

const MAX_FILES = 100;

export interface PolicyFile {
  readonly file: string;
  readonly policy: RolloutPolicy;
}

export type PoliciesReading =
  | { readonly ok: true; readonly policies: Policies }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads `*.yaml` and `*.yml` directly in `folder`, in order of name, without the jobs that they name. A folder without any is a problem. */
export function readPolicies(folder: string): PoliciesReading {
  const files = listPolicyFiles(folder);
  if (!Array.isArray(files)) return { ok: false, problems: [files] };
  const jobs = files.flatMap((file) => jobFileIn(readOrEmpty(folder, file)) ?? []);
  const policyFiles = files.filter((file) => !jobs.includes(file));
  const readings = policyFiles.map((file) => ({ file, reading: readOne(folder, file) }));
  const good = readings.flatMap(({ file, reading }) => (reading.ok ? [{ file, policy: reading.policy }] : []));
  const problems = readings.flatMap(({ reading }) => (reading.ok ? [] : reading.problems)).concat(conflictsOf(good));
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, policies: createPolicies(good.map(({ policy }) => policy)) };
}

/** Names and (endpoint, model) pairs that a later file repeats. */
export function conflictsOf(files: readonly PolicyFile[]): readonly Problem[] {
  return files.flatMap(({ file, policy }, index) => {
    const earlier = files.slice(0, index);
    const sameName = earlier.find((other) => other.policy.name === policy.name);
    const samePair = earlier.find(
      (other) => other.policy.endpoint === policy.endpoint && other.policy.model === policy.model,
    );
    return [
      ...(sameName ? [{ where: file, what: `name "${policy.name}" is taken by ${sameName.file}` }] : []),
      ...(samePair
        ? [
            {
              where: file,
              what: `model ${policy.model} on endpoint ${policy.endpoint} is governed by ${samePair.file} already`,
            },
          ]
        : []),
    ];
  });
}

function listPolicyFiles(folder: string): string[] | Problem {
  try {
    const files = readdirSync(folder)
      .filter((name) => /\.ya?ml$/i.test(name))
      .sort();
    if (files.length === 0)
      return {
        where: folder,
        what: 'holds no policy; put at least one *.yaml there (SLIPWAY_POLICIES names the folder)',
      };
    if (files.length > MAX_FILES) return { where: folder, what: `holds more than ${MAX_FILES} policies` };
    return files;
  } catch (error) {
    const reason = messageOf(error);
    return { where: folder, what: `cannot be read (${reason}); SLIPWAY_POLICIES must name a folder with policies` };
  }
}

/** What cannot be read is told when it is read as a policy. */
function readOrEmpty(folder: string, file: string): string {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    return '';
  }
}

function readOne(folder: string, file: string): PolicyReading {
  try {
    return parsePolicy(file, readFileSync(join(folder, file), 'utf8'), folder);
  } catch (error) {
    const reason = messageOf(error);
    return { ok: false, problems: [{ where: file, what: `cannot be read: ${reason}` }] };
  }
}
