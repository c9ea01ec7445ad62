/** The example's rollout policy with the durations of the demo; what is decided, and by which numbers, stays as it is. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

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
  [['bake', 'dwellBuckets'], 10],
  [['timing', 'poll'], '1s'],
  [['timing', 'trafficTimeout'], '1m'],
  [['timing', 'rolloutTimeout'], '10m'],
];

/** Fails when the policy lacks one of the durations: it was renamed, and the demo would silently run for hours. */
export function withDemoDurations(text: string): string {
  const policy = parseDocument(text);
  for (const [path, value] of DURATIONS) {
    if (!policy.hasIn(path)) throw new Error(`The rollout policy has no ${path.join('.')}, which the demo shortens.`);
    policy.setIn(path, value);
  }
  return policy.toString();
}

/** Writes the policy alone into `targetFolder`, which is emptied first, and returns that folder. */
export async function writeDemoPolicy(policyFile: string, targetFolder: string): Promise<string> {
  const text = withDemoDurations(await readFile(policyFile, 'utf8'));
  await rm(targetFolder, { recursive: true, force: true });
  await mkdir(targetFolder, { recursive: true });
  await writeFile(join(targetFolder, 'flights.yaml'), text);
  return targetFolder;
}
