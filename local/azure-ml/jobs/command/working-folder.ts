/** Lays out the folder that a command runs in: the job's code, with `outputs/` and `logs/` leading to its artefacts. */
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findAsset } from '../../arm/assets/asset-reference.ts';
import { exists } from '../../arm/storage/local-files.ts';
import type { JobContext } from '../seams/job-context.ts';
import { JobFailure } from '../state/job-failure.ts';

/** What a script writes there is an artefact ("Save experiment assets: outputs and logs"). */
const ARTIFACT_FOLDERS = ['outputs', 'logs'];

export async function makeWorkingFolder(
  context: JobContext,
  codeId: string | null | undefined,
  folder: string,
  artifactFolder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (codeId) await fetchCode(context, codeId, folder);
  for (const name of ARTIFACT_FOLDERS) {
    const target = join(artifactFolder, name);
    const inCode = join(folder, name);
    await mkdir(target, { recursive: true });
    if (await exists(inCode)) await cp(inCode, target, { recursive: true });
    await rm(inCode, { recursive: true, force: true });
    await symlink(target, inCode);
  }
}

async function fetchCode(context: JobContext, codeId: string, folder: string): Promise<void> {
  const code = findAsset(context.workspace, 'codes', context.assets.codes, codeId);
  if (typeof code === 'string') throw new JobFailure('UserError', code);
  const uri = String(code.properties.codeUri);
  const place = context.artifacts.resolve(uri);
  if (place.ok && (await context.artifacts.fetch(place, folder))) return;
  throw new JobFailure('UserError', place.ok ? `No code is stored at '${uri}'. Upload it first.` : place.message);
}
