/** The example's rollout policy with the durations of the demo; what is decided, and by which numbers, stays as it is. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import { placeJob } from '../local/stack/prepare-policies.ts';

export const BUCKET_SECONDS = 2;

/** Longer than a person in the demo takes, shorter than the demo's patience. */
export const APPROVAL_TIMEOUT_SECONDS = 90;

/** Path in the policy, and what stands there in the demo. */
const DURATIONS: readonly (readonly [readonly string[], unknown])[] = [
  [['metrics', 'bucketSeconds'], BUCKET_SECONDS],
  [['deployment', 'livenessProbe', 'initialDelay'], '5s'],
  [['deployment', 'livenessProbe', 'period'], '5s'],
  [['deployment', 'readinessProbe', 'initialDelay'], '1s'],
  [['deployment', 'readinessProbe', 'period'], '1s'],
  [['deployment', 'readinessProbe', 'timeout'], '1s'],
  // Times the period: how long an instance may take.
  [['deployment', 'readinessProbe', 'failureThreshold'], 15],
  [['deployment', 'readyTimeout'], '2m'],
  [['approval', 'timeout'], `${APPROVAL_TIMEOUT_SECONDS}s`],
  [['shadow', 'dwellBuckets'], 5],
  [['bake', 'dwellBuckets'], 8],
  [['timing', 'poll'], '1s'],
  [['timing', 'trafficTimeout'], '1m'],
  [['timing', 'rolloutTimeout'], '10m'],
  [['retrain', 'coolDown'], '0s'],
  [['retrain', 'jobTimeout'], '3m'],
  [['retrain', 'poll'], '1s'],
  [['retrain', 'drift', 'window'], '1m'],
];

/** Shortens them in place. Fails when the policy lacks one of the durations: it was renamed, and the demo would silently run for hours. */
export function withDemoDurations(text: string): string {
  return demoPolicy(text).toString();
}

function demoPolicy(text: string): Document {
  const policy = parseDocument(text);
  for (const [path, value] of DURATIONS) {
    if (!policy.hasIn(path)) throw new Error(`The rollout policy has no ${path.join('.')}, which the demo shortens.`);
    policy.setIn(path, value);
  }
  return policy;
}

/** Writes the policy and its job into `targetFolder`, which is emptied first, and returns that folder. */
export async function writeDemoPolicy(policyFile: string, targetFolder: string): Promise<string> {
  const policy = demoPolicy(await readFile(policyFile, 'utf8'));
  await rm(targetFolder, { recursive: true, force: true });
  await mkdir(targetFolder, { recursive: true });
  await placeJob(policy, dirname(policyFile), targetFolder, 'flights');
  await writeFile(join(targetFolder, 'flights.yaml'), policy.toString());
  return targetFolder;
}
