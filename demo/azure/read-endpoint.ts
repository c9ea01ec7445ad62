/** Reads from Azure ML what serves: the traffic split, the deployments with their model versions, and a version's tags. */
import { z } from 'zod';
import type { ArmClient } from './arm-client.ts';
import { ENDPOINT, MODEL } from './scenario-names.ts';

const shares = z
  .record(z.string(), z.number())
  .nullish()
  .transform((given) => Object.fromEntries(Object.entries(given ?? {}).filter(([, percent]) => percent > 0)));

const endpointSchema = z.object({
  properties: z.object({ scoringUri: z.string().default(''), traffic: shares, mirrorTraffic: shares }),
});
const deploymentsSchema = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      properties: z.object({ model: z.string().default(''), provisioningState: z.string().default('') }),
    }),
  ),
});
const versionSchema = z.object({
  properties: z.object({ tags: z.record(z.string(), z.string()).nullish() }),
});

export interface ServedDeployment {
  readonly name: string;
  readonly modelVersion: string;
  readonly provisioningState: string;
}

export interface EndpointReading {
  readonly scoringUri: string;
  /** Percent per deployment, zeros left out. */
  readonly traffic: Readonly<Record<string, number>>;
  readonly mirror: Readonly<Record<string, number>>;
  readonly deployments: readonly ServedDeployment[];
}

export async function readEndpoint(arm: ArmClient): Promise<EndpointReading> {
  const [endpoint, deployments] = await Promise.all([
    arm.get(`/onlineEndpoints/${ENDPOINT}`),
    arm.get(`/onlineEndpoints/${ENDPOINT}/deployments`),
  ]);
  const { scoringUri, traffic, mirrorTraffic } = endpointSchema.parse(endpoint).properties;
  const served = deploymentsSchema.parse(deployments).value.map(({ name, properties }) => ({
    name,
    modelVersion: properties.model.split(/[/:]/).at(-1) ?? '',
    provisioningState: properties.provisioningState,
  }));
  return { scoringUri, traffic, mirror: mirrorTraffic, deployments: served };
}

export async function readVersionTags(arm: ArmClient, version: string): Promise<Readonly<Record<string, string>>> {
  const reply = await arm.get(`/models/${MODEL}/versions/${version}`);
  return versionSchema.parse(reply).properties.tags ?? {};
}
