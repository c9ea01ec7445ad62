/**
 * Copies a deployment's model and code into a folder of its own, laid out as Azure lays them out:
 * AZUREML_MODEL_DIR (`modelFolder`) holds the last part of the model's path, a file or a folder.
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type ArtifactStore, exists } from '../storage/artifact-store.ts';
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
  const model = await locate(artifacts, String(assets.model.properties.modelUri));
  if (!model.ok) return model;
  const code = await locate(artifacts, String(assets.code.properties.codeUri));
  if (!code.ok) return code;
  const script = join(code.path, scoringScript);
  if (!(await exists(script))) {
    const message = `The scoring script '${scoringScript}' is not in the code folder. Check codeConfiguration.scoringScript.`;
    return { ok: false, code: 'BadArgument', message };
  }
  const modelFolder = join(folder, 'azureml-models', assets.model.name, assets.model.version);
  const codeFolder = join(folder, 'azureml-app');
  await rm(folder, { recursive: true, force: true });
  await mkdir(modelFolder, { recursive: true });
  await cp(model.path, join(modelFolder, basename(model.path)), { recursive: true });
  await cp(code.path, codeFolder, { recursive: true });
  const log = [
    `Downloaded model ${assets.model.name}:${assets.model.version} from ${assets.model.properties.modelUri}`,
    `Downloaded code ${assets.code.name}:${assets.code.version} from ${assets.code.properties.codeUri}`,
  ];
  return { ok: true, modelFolder, codeFolder, log };
}

async function locate(artifacts: ArtifactStore, uri: string): Promise<{ ok: true; path: string } | CopyFailure> {
  const resolved = artifacts.resolve(uri);
  if (!resolved.ok) return { ok: false, code: 'BadArgument', message: resolved.message };
  if (await exists(resolved.path)) return resolved;
  const message = `Nothing is stored at '${uri}'. Upload the files before deploying them.`;
  return { ok: false, code: 'ResourceNotFound', message };
}

type CopyFailure = Extract<CopyOutcome, { ok: false }>;
