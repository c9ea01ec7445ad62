/** Decides where each collection of a deployment is stored, or reports everything in `dataCollector` that cannot work. */

import { findAsset } from '../arm/assets/asset-reference.ts';
import type { AssetStore } from '../arm/assets/asset-store.ts';
import type { DeploymentBody } from '../arm/deployments/deployment-schema.ts';
import { type ArmErrorDetail, badRequest } from '../arm/protocol/arm-error.ts';
import { armId, type WorkspaceOptions } from '../arm/protocol/workspace.ts';
import type { ArtifactStore } from '../arm/storage/artifact-store.ts';
import type { Collection, DataCollection } from './data-collection.ts';

export interface CollectionContext {
  readonly workspace: WorkspaceOptions;
  readonly assets: { readonly data: AssetStore };
  readonly artifacts: ArtifactStore;
}

interface Owner {
  readonly endpointName: string;
  readonly deploymentName: string;
}

type DataCollector = NonNullable<DeploymentBody['properties']['dataCollector']>;
type CollectionBody = DataCollector['collections'][string];

/** Payload logging: the service itself writes whole requests and responses. */
const RESERVED = new Set(['request', 'response']);
const NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,99}$/;

/** Undefined when nothing is collected. Throws one 400 that lists every problem. */
export function requireCollection(
  context: CollectionContext,
  owner: Owner,
  dataCollector: DataCollector | null | undefined,
): DataCollection | undefined {
  const found = Object.entries(dataCollector?.collections ?? {})
    .filter(([, body]) => body.dataCollectionMode === 'Enabled')
    .map(([name, body]) => target(context, owner, name, body));
  const problems = found.filter((one) => 'message' in one);
  if (problems.length > 0) throw badRequest(problems);
  const collections = found.filter((one) => 'blobPath' in one);
  if (collections.length === 0) return undefined;
  const { endpointName, deploymentName } = owner;
  const source = armId(context.workspace, 'onlineEndpoints', endpointName, 'deployments', deploymentName);
  return { source, rollingRate: dataCollector?.rollingRate ?? 'Hour', collections };
}

function target(
  context: CollectionContext,
  owner: Owner,
  name: string,
  body: CollectionBody,
): Collection | ArmErrorDetail {
  const at = `properties.dataCollector.collections.${name}`;
  if (RESERVED.has(name))
    return problem(at, `'${name}' is payload logging, which is not emulated: collect in score.py.`);
  if (!NAME.test(name)) return problem(at, `'${name}' is no name of a collection.`);
  const uri = body.dataId ? dataUri(context, body.dataId) : { ok: true as const, uri: defaultUri(owner, name) };
  if (!uri.ok) return problem(`${at}.dataId`, uri.message);
  const place = context.artifacts.resolve(uri.uri);
  if (!place.ok) return problem(`${at}.dataId`, place.message);
  return { name, samplingRate: body.samplingRate ?? 1, container: place.container, blobPath: place.blobPath };
}

/** Default of "CLI (v2) managed online deployment YAML schema", and of azure-ai-ml 1.35.2 (`DEFAULT_MDC_PATH`). */
export function defaultUri({ endpointName, deploymentName }: Owner, collection: string): string {
  return `azureml://datastores/workspaceblobstore/paths/modelDataCollector/${endpointName}/${deploymentName}/${collection}`;
}

function dataUri(context: CollectionContext, reference: string) {
  const asset = findAsset(context.workspace, 'data', context.assets.data, reference);
  if (typeof asset === 'string') return { ok: false as const, message: asset };
  return { ok: true as const, uri: String(asset.properties.dataUri) };
}

function problem(target: string, message: string): ArmErrorDetail {
  return { code: 'InvalidDataCollector', message, target };
}
