/**
 * Translates a deployment's `data_collector`. As the CLI does (azure-ai-ml 1.35.2, `_register_collection_data_assets`), every
 * collection gets a data asset before the deployment is written, named and placed by default where the file says nothing.
 */
import { defaultUri } from '../arm/deployments/collection-targets.ts';
import type { DeploymentYaml } from './yaml-schemas.ts';

interface DataWrite {
  readonly path: string;
  readonly body: object;
}

export function dataCollectorBody(spec: DeploymentYaml, workspaceId: string): object | undefined {
  const given = spec.data_collector;
  if (!given) return undefined;
  const collections = Object.entries(given.collections).map(([name, collection]) => [
    name,
    {
      dataCollectionMode: collection.enabled ? 'Enabled' : 'Disabled',
      samplingRate: collection.sampling_rate ?? given.sampling_rate,
      dataId: workspaceId + assetPath(spec, name),
    },
  ]);
  return {
    collections: Object.fromEntries(collections),
    rollingRate: given.rolling_rate,
    requestLogging: given.request_logging && { captureHeaders: given.request_logging.capture_headers },
  };
}

export function collectionAssetWrites(spec: DeploymentYaml): readonly DataWrite[] {
  const owner = { endpointName: spec.endpoint_name, deploymentName: spec.name };
  return Object.keys(spec.data_collector?.collections ?? {}).map((name) => ({
    path: assetPath(spec, name),
    body: { properties: { dataType: 'uri_folder', dataUri: defaultUri(owner, name) } },
  }));
}

function assetPath(spec: DeploymentYaml, collection: string): string {
  const data = spec.data_collector?.collections[collection]?.data;
  const name = data?.name ?? `${spec.endpoint_name}-${spec.name}-${collection}`;
  return `/data/${name}/versions/${data?.version ?? '1'}`;
}
