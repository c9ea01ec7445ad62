/** An online endpoint in ARM's reply shape; decides when a read is still stale. */
import { armType, type WorkspaceOptions } from '../protocol/workspace.ts';
import type { EndpointRecord, EndpointSettings, Routing } from '../records/endpoint-record.ts';
import { type EndpointContext, endpointArmId } from './endpoint-context.ts';

/** What GET, lists and operation results show. */
export function showEndpoint(context: EndpointContext, endpoint: EndpointRecord, hasNewerMembers: boolean): object {
  const stale = endpoint.stale;
  const isStale = stale !== undefined && context.clock.nowMs() < stale.untilMs;
  return endpointBody(context, endpoint, isStale ? stale.routing : endpoint.routing, hasNewerMembers);
}

/** The first answer to a PUT shows the routing that was asked for. */
export function endpointBody(
  context: EndpointContext,
  endpoint: EndpointRecord,
  routing: Routing,
  hasNewerMembers: boolean,
): object {
  const { settings } = endpoint;
  const operationUrl = endpoint.operationUrl;
  return {
    id: endpointArmId(context, endpoint.name),
    name: endpoint.name,
    type: armType('onlineEndpoints'),
    location: endpoint.location,
    tags: settings.tags,
    kind: settings.kind ?? 'Managed',
    ...(settings.sku ? { sku: settings.sku } : {}),
    ...(settings.identity ? { identity: showIdentity(settings.identity, context.workspace) } : {}),
    properties: {
      authMode: endpoint.authMode,
      description: settings.description ?? null,
      publicNetworkAccess: settings.publicNetworkAccess,
      properties: { ...settings.properties, ...(operationUrl ? { AzureAsyncOperationUri: operationUrl } : {}) },
      keys: null,
      traffic: routing.traffic,
      ...(hasNewerMembers ? { mirrorTraffic: routing.mirrorTraffic } : {}),
      scoringUri: endpoint.scoringUri,
      swaggerUri: endpoint.scoringUri?.replace(/\/score$/, '/swagger.json') ?? null,
      provisioningState: endpoint.state,
    },
    systemData: endpoint.systemData,
  };
}

function showIdentity(identity: NonNullable<EndpointSettings['identity']>, workspace: WorkspaceOptions): object {
  const isSystem = String(identity.type).includes('SystemAssigned');
  return { ...identity, ...(isSystem ? { principalId: workspace.workspaceId, tenantId: workspace.tenantId } : {}) };
}
