/** Decides where each collection of a deployment is stored, or reports everything in `dataCollector` that cannot work. */

import type { Collection, DataCollection } from '../../seams/data-collection.ts';
import { type DataContext, dataPlace } from '../assets/data-place.ts';
import { type ArmErrorDetail, badRequest } from '../protocol/arm-error.ts';
import { armId } from '../protocol/workspace.ts';
import type { DeploymentBody } from '../records/deployment-schema.ts';

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
  context: DataContext,
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

function target(context: DataContext, owner: Owner, name: string, body: CollectionBody): Collection | ArmErrorDetail {
  const at = `properties.dataCollector.collections.${name}`;
  if (RESERVED.has(name))
    return problem(at, `'${name}' is payload logging, which is not emulated: collect in score.py.`);
  if (!NAME.test(name)) return problem(at, `'${name}' is no name of a collection.`);
  const place = dataPlace(context, body.dataId ?? defaultUri(owner, name));
  if (!place.ok) return problem(`${at}.dataId`, place.message);
  return { name, samplingRate: body.samplingRate ?? 1, container: place.container, blobPath: place.blobPath };
}

/** Default of "CLI (v2) managed online deployment YAML schema", and of azure-ai-ml 1.35.2 (`DEFAULT_MDC_PATH`). */
export function defaultUri({ endpointName, deploymentName }: Owner, collection: string): string {
  return `azureml://datastores/workspaceblobstore/paths/modelDataCollector/${endpointName}/${deploymentName}/${collection}`;
}

function problem(target: string, message: string): ArmErrorDetail {
  return { code: 'InvalidDataCollector', message, target };
}
