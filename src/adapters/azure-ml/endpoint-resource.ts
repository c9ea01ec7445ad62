/** Reads an online endpoint and makes the body that changes its traffic and keeps everything else. */
import { z } from 'zod';
import type { EndpointName } from '../../domain/ids/names.ts';
import { normalizeTraffic, type TrafficSplit } from '../../domain/rollout/traffic-split.ts';
import type { EndpointView } from '../../ports/model-platform.ts';

const shares = z
  .record(z.string(), z.number())
  .nullish()
  .transform((map) => map ?? {});

/** Tolerates members that are not read here: they are written back as they came. */
const endpointSchema = z.looseObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  identity: z
    .looseObject({ type: z.string(), userAssignedIdentities: z.record(z.string(), z.unknown()).nullish() })
    .nullish(),
  properties: z.looseObject({
    provisioningState: z.string(),
    scoringUri: z.string().nullish(),
    traffic: shares,
    mirrorTraffic: shares,
    properties: z.record(z.string(), z.unknown()).nullish(),
  }),
});

export type EndpointResource = z.infer<typeof endpointSchema>;

/** Written by Azure alone. */
const READ_ONLY = new Set(['scoringUri', 'swaggerUri', 'provisioningState', 'keys']);
const OPERATION_URI = 'AzureAsyncOperationUri';

export function parseEndpoint(body: unknown): EndpointResource {
  return endpointSchema.parse(body);
}

export function viewOfEndpoint(endpoint: EndpointName, resource: EndpointResource): EndpointView {
  const { provisioningState, scoringUri, traffic, mirrorTraffic } = resource.properties;
  return {
    endpoint,
    provisioningState,
    split: { traffic: normalizeTraffic(traffic), mirror: normalizeTraffic(mirrorTraffic) },
    scoringUri: scoringUri ?? '',
  };
}

/** The PUT that a safe rollout needs: a PATCH cannot move traffic, and what a PUT omits is lost. */
export function endpointWithSplit(resource: EndpointResource, split: TrafficSplit): object {
  const { location, tags, kind, sku, identity, properties } = resource;
  const kept = Object.entries(properties).filter(([name]) => !READ_ONLY.has(name));
  const own = Object.entries(properties.properties ?? {}).filter(([name]) => name !== OPERATION_URI);
  return {
    location,
    tags: tags ?? {},
    ...(kind ? { kind } : {}),
    ...(sku ? { sku } : {}),
    ...(identity ? { identity: writableIdentity(identity) } : {}),
    properties: {
      ...Object.fromEntries(kept),
      properties: Object.fromEntries(own),
      traffic: normalizeTraffic(split.traffic),
      mirrorTraffic: normalizeTraffic(split.mirror),
    },
  };
}

function writableIdentity(identity: NonNullable<EndpointResource['identity']>): object {
  const users = Object.keys(identity.userAssignedIdentities ?? {});
  return {
    type: identity.type,
    ...(users.length > 0 ? { userAssignedIdentities: Object.fromEntries(users.map((id) => [id, {}])) } : {}),
  };
}
