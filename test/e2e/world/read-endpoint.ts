/** Reads from Azure ML, past the app: what an endpoint serves, and the tags of a model version. */
import { z } from 'zod';
import type { ArmClient } from '../../../demo/azure/arm-client.ts';

const shares = z
  .record(z.string(), z.number())
  .nullish()
  .transform((given) => Object.fromEntries(Object.entries(given ?? {}).filter(([, percent]) => percent > 0)));
const endpointSchema = z.object({
  properties: z.object({ scoringUri: z.string(), traffic: shares, mirrorTraffic: shares }),
});
const deploymentsSchema = z.object({ value: z.array(z.object({ name: z.string() })) });
const versionSchema = z.object({ properties: z.object({ tags: z.record(z.string(), z.string()).nullish() }) });

export interface EndpointReading {
  readonly scoringUri: string;
  /** Percent per deployment, zeros left out. */
  readonly traffic: Readonly<Record<string, number>>;
  readonly mirror: Readonly<Record<string, number>>;
  readonly deployments: readonly string[];
}

export async function readEndpoint(arm: ArmClient, endpoint: string): Promise<EndpointReading> {
  const [shown, listed] = await Promise.all([
    arm.get(`/onlineEndpoints/${endpoint}`),
    arm.get(`/onlineEndpoints/${endpoint}/deployments`),
  ]);
  const { scoringUri, traffic, mirrorTraffic } = endpointSchema.parse(shown).properties;
  const deployments = deploymentsSchema.parse(listed).value.map(({ name }) => name);
  return { scoringUri, traffic, mirror: mirrorTraffic, deployments: deployments.sort() };
}

export async function readTags(
  arm: ArmClient,
  model: string,
  version: string,
): Promise<Readonly<Record<string, string>>> {
  return versionSchema.parse(await arm.get(`/models/${model}/versions/${version}`)).properties.tags ?? {};
}
