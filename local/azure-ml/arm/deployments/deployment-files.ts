/**
 * Copies a deployment's model and code into a folder of its own, laid out as Azure lays them out:
 * AZUREML_MODEL_DIR (`modelFolder`) holds the last part of the model's path, a file or a folder.
 */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import { exists } from '../storage/local-files.ts';
import type { DeploymentAssets } from './deployment-assets.ts';

export type CopyOutcome =
  | { readonly ok: true; readonly modelFolder: string; readonly codeFolder: string; readonly log: readonly string[] }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Nothing is left in `folder` when an artefact is missing. */
export async function copyDeploymentFiles(
  artifacts: ArtifactStore,
  assets: DeploymentAssets,
  scoringScript: string,
  folder: string,
): Promise<CopyOutcome> {
  const modelUri = String(assets.model.properties.modelUri);
  const codeUri = String(assets.code.properties.codeUri);
  const modelFolder = join(folder, 'azureml-models', assets.model.name, assets.model.version);
  const codeFolder = join(folder, 'azureml-app');
  await rm(folder, { recursive: true, force: true });
  const failure =
    (await fetchFailure(artifacts, modelUri, (name) => join(modelFolder, name))) ??
    (await fetchFailure(artifacts, codeUri, () => codeFolder)) ??
    (await scriptFailure(codeFolder, scoringScript));
  if (failure) {
    await rm(folder, { recursive: true, force: true });
    return failure;
  }
  const log = [
    `Downloaded model ${assets.model.name}:${assets.model.version} from ${modelUri}`,
    `Downloaded code ${assets.code.name}:${assets.code.version} from ${codeUri}`,
  ];
  return { ok: true, modelFolder, codeFolder, log };
}

/** Stores what lies at `uri` at the place that `target` gives for its last path segment. */
async function fetchFailure(
  artifacts: ArtifactStore,
  uri: string,
  target: (name: string) => string,
): Promise<CopyFailure | undefined> {
  const resolved = artifacts.resolve(uri);
  if (!resolved.ok) return { ok: false, code: 'BadArgument', message: resolved.message };
  if (await artifacts.fetch(resolved, target(basename(resolved.path)))) return undefined;
  const message = `Nothing is stored at '${uri}'. Upload the files before deploying them.`;
  return { ok: false, code: 'ResourceNotFound', message };
}

async function scriptFailure(codeFolder: string, scoringScript: string): Promise<CopyFailure | undefined> {
  if (await exists(join(codeFolder, scoringScript))) return undefined;
  const message = `The scoring script '${scoringScript}' is not in the code folder. Check codeConfiguration.scoringScript.`;
  return { ok: false, code: 'BadArgument', message };
}

type CopyFailure = Extract<CopyOutcome, { ok: false }>;
