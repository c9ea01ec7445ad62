/** What is so before a scenario begins. */
import { z } from 'zod';
import type { ReplayRow } from '../../../local/traffic/replay-rows.ts';
import { type RunningTraffic, startTraffic } from '../../../local/traffic/start-traffic.ts';
import type { DeploymentName, EndpointName, ModelName } from '../../../src/domain/ids/names.ts';
import { SLIPWAY_TAGS } from '../../../src/domain/rollout/tag-names.ts';
import { eventually } from './eventually.ts';
import { CODE, COLLECTION, ENVIRONMENT, modelOf } from './lane-policy.ts';
import { readEndpoint } from './read-endpoint.ts';
import type { World } from './start-world.ts';

/** An endpoint that serves version 1 of its model to a client that never pauses. */
export interface Lane {
  readonly endpoint: EndpointName;
  readonly model: ModelName;
  readonly blue: DeploymentName;
  readonly client: RunningTraffic;
}

const RATE_PER_SECOND = 30;
const keysSchema = z.object({ primaryKey: z.string() });

/** `rows` are asked one after the other, and the answers to them collected; without them one row is asked all the time. */
export async function givenVersion1Serves(world: World, lane: string, rows?: readonly ReplayRow[]): Promise<Lane> {
  const { arm } = world;
  const model = modelOf(lane);
  const blue = `${lane}-blue` as DeploymentName;
  await registerVersion(world, model, '1', { [SLIPWAY_TAGS.status]: 'live' });
  const endpointBody = (traffic: object) => ({
    location: world.stack.workspace.location,
    properties: { authMode: 'Key', traffic },
  });
  await arm.put(`/onlineEndpoints/${lane}`, endpointBody({}));
  await arm.put(`/onlineEndpoints/${lane}/deployments/${blue}`, deploymentBody(world, model, rows !== undefined));
  await arm.put(`/onlineEndpoints/${lane}`, endpointBody({ [blue]: 100 }));
  const { scoringUri } = await eventually({
    what: `${lane} shows the traffic that it was given`,
    read: () => readEndpoint(arm, lane),
    isDone: ({ traffic }) => traffic[blue] === 100,
  });
  const { primaryKey } = keysSchema.parse(await arm.post(`/onlineEndpoints/${lane}/listKeys`));
  const client = startTraffic({
    scoringUri,
    key: primaryKey,
    ca: world.stack.credentials.ca,
    rows: rows ?? [{ features: { x: 1 }, label: 1 }],
    ratePerSecond: RATE_PER_SECOND,
  });
  world.cleanUps.push(() => client.stop());
  return { endpoint: lane as EndpointName, model, blue, client };
}

/** Raises ModelRegistered, as in Azure ML. */
export async function registerVersion(
  world: World,
  model: string,
  version: string,
  tags: Readonly<Record<string, string>> = {},
  modelUri = world.modelUri,
): Promise<void> {
  const properties = { modelType: 'custom_model', modelUri, tags };
  await world.arm.put(`/models/${model}/versions/${version}`, { properties });
}

function deploymentBody({ stack }: World, model: string, isCollected: boolean): object {
  const id = (kind: string, name: string) => `${stack.workspaceArmId}/${kind}/${name}/versions/1`;
  const probe = { period: 'PT1S', timeout: 'PT5S', failureThreshold: 60 };
  return {
    location: stack.workspace.location,
    sku: { name: 'Default', capacity: 1 },
    properties: {
      endpointComputeType: 'Managed',
      model: id('models', model),
      environmentId: id('environments', ENVIRONMENT),
      codeConfiguration: { codeId: id('codes', CODE), scoringScript: 'score.py' },
      instanceType: 'Standard_DS3_v2',
      requestSettings: { requestTimeout: 'PT8S', maxConcurrentRequestsPerInstance: 20 },
      livenessProbe: { ...probe, initialDelay: 'PT10S', period: 'PT5S' },
      readinessProbe: { ...probe, initialDelay: 'PT0S' },
      ...(isCollected ? { dataCollector: { collections: { [COLLECTION]: { dataCollectionMode: 'Enabled' } } } } : {}),
    },
  };
}
