/** Versions of a registered model: reading through the client, tags by a raw write that keeps every other member. */
import type { ModelVersion as SdkModelVersion } from '@azure/arm-machinelearning';
import { z } from 'zod';
import type { ModelName, ModelVersion } from '../../domain/ids/names.ts';
import type { ModelVersionView, WriteOutcome } from '../../ports/model-platform.ts';
import { statusOf } from '../calls/status-of.ts';
import { type ArmRequests, armPath } from './arm-requests.ts';
import { type AzureMlClient, type AzureMlTarget, callSignal } from './azure-ml-client.ts';

/** The order word of Azure ML's own command line (azure-ai-ml, `OrderString`). */
const NEWEST_FIRST = 'createdtime desc';

const versionSchema = z.looseObject({
  properties: z.looseObject({ tags: z.record(z.string(), z.string()).nullish() }),
});

export async function getModelVersion(
  client: AzureMlClient,
  target: AzureMlTarget,
  model: ModelName,
  version: ModelVersion,
): Promise<ModelVersionView | null> {
  const options = { abortSignal: callSignal() };
  try {
    const { modelVersions } = await client();
    const found = await modelVersions.get(target.resourceGroup, target.workspace, model, version, options);
    return viewOf(model, found);
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Newest first, at most `limit`; a model that does not exist has none. */
export async function listModelVersions(
  client: AzureMlClient,
  target: AzureMlTarget,
  model: ModelName,
  limit: number,
): Promise<readonly ModelVersionView[]> {
  const found: ModelVersionView[] = [];
  const options = { orderBy: NEWEST_FIRST, abortSignal: callSignal() };
  try {
    const { modelVersions } = await client();
    for await (const item of modelVersions.list(target.resourceGroup, target.workspace, model, options)) {
      found.push(viewOf(model, item));
      if (found.length >= limit) break;
    }
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  return found.sort((a, b) => Date.parse(b.createdAtIso) - Date.parse(a.createdAtIso));
}

/** Adds or replaces tags; nothing is written when they are there already. */
export async function mergeModelVersionTags(
  arm: ArmRequests,
  model: ModelName,
  version: ModelVersion,
  tags: Readonly<Record<string, string>>,
): Promise<WriteOutcome> {
  const path = armPath('models', model, 'versions', version);
  const body = await arm.get(path);
  if (body === null) return { kind: 'refused', reason: `Version ${version} of model ${model} does not exist.` };
  const { provisioningState: _readOnly, ...properties } = versionSchema.parse(body).properties;
  const present = properties.tags ?? {};
  if (Object.entries(tags).every(([name, text]) => present[name] === text)) return { kind: 'accepted' };
  return arm.write('PUT', path, { properties: { ...properties, tags: { ...present, ...tags } } });
}

function viewOf(model: ModelName, found: SdkModelVersion): ModelVersionView {
  const createdAt = found.systemData?.createdAt;
  if (!found.id || !found.name || !createdAt) {
    throw new Error(`Azure ML shows a version of model ${model} without id, name or creation time.`);
  }
  return {
    model,
    version: found.name as ModelVersion,
    tags: textTags(found.properties.tags),
    createdAtIso: createdAt.toISOString(),
    id: found.id,
  };
}

function textTags(tags: Readonly<Record<string, string | null>> | null | undefined): Record<string, string> {
  const entries = Object.entries(tags ?? {});
  return Object.fromEntries(entries.flatMap(([name, text]) => (text === null ? [] : [[name, text]])));
}
