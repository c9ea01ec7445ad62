/** Copies the examples' rollout policies for this stack; only the length of a bucket changes. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, parseDocument } from 'yaml';

/** Fills `targetFolder` with `<example>.yaml` for each `<examplesFolder>/<example>/policy.yaml`; older files go. */
export async function preparePolicies(
  examplesFolder: string,
  targetFolder: string,
  bucketSeconds: number,
): Promise<string> {
  await rm(targetFolder, { recursive: true, force: true });
  await mkdir(targetFolder, { recursive: true });
  for (const example of await readdir(examplesFolder)) {
    const path = join(examplesFolder, example, 'policy.yaml');
    if (!existsSync(path)) continue;
    const policy = parseDocument(await readFile(path, 'utf8'));
    policy.setIn(['metrics', 'bucketSeconds'], bucketSeconds);
    await placeJob(policy, join(examplesFolder, example), targetFolder, example);
    await writeFile(join(targetFolder, `${example}.yaml`), policy.toString());
  }
  return targetFolder;
}

/** A policy's job lies beside it under the example's name, so that several examples do not write over each other. */
export async function placeJob(policy: Document, from: string, targetFolder: string, name: string): Promise<void> {
  const job = policy.getIn(['retrain', 'job']);
  if (typeof job !== 'string') return;
  const file = `${name}-job.yml`;
  await copyFile(join(from, job), join(targetFolder, file));
  policy.setIn(['retrain', 'job'], file);
}
