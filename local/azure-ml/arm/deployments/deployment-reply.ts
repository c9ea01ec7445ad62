/** An online deployment in ARM's reply shape. */

import { type EndpointContext, endpointArmId } from '../endpoints/endpoint-context.ts';
import { armType } from '../protocol/workspace.ts';
import type { DeploymentRecord } from '../records/deployment-record.ts';
import type { EndpointRecord } from '../records/endpoint-record.ts';

export function showDeployment(
  context: EndpointContext,
  endpoint: EndpointRecord,
  deployment: DeploymentRecord,
  hasNewerMembers: boolean,
): object {
  const { settings, operationUrl } = deployment;
  const { dataCollector, properties, ...known } = settings.properties;
  return {
    id: `${endpointArmId(context, endpoint.name)}/deployments/${deployment.name}`,
    name: deployment.name,
    type: armType('onlineEndpoints', 'deployments'),
    location: deployment.location,
    tags: settings.tags,
    kind: settings.kind ?? 'Managed',
    ...(settings.identity ? { identity: settings.identity } : {}),
    sku: { name: 'Default', tier: 'Standard', capacity: settings.instanceCount },
    properties: {
      ...known,
      properties: { ...properties, ...(operationUrl ? { AzureAsyncOperationUri: operationUrl } : {}) },
      ...(hasNewerMembers && dataCollector ? { dataCollector } : {}),
      provisioningState: deployment.state,
    },
    systemData: deployment.systemData,
  };
}
