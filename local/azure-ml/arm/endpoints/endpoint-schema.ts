/** Bodies that a client may send for online endpoints. Members that Azure does not know are dropped. */
import { z } from 'zod';
import { anyCaseEnum } from '../protocol/any-case-enum.ts';
import { stringMapSchema } from '../protocol/string-map.ts';

const sharesSchema = z
  .record(z.string().max(64), z.number())
  .nullish()
  .transform((shares) => shares ?? {});

const identitySchema = z
  .object({
    type: z.string().max(100),
    userAssignedIdentities: z.record(z.string(), z.unknown()).nullish(),
  })
  .nullish();

const keySchema = z.string().min(16).max(256);

export const endpointBodySchema = z.object({
  location: z.string().min(1).max(100),
  tags: stringMapSchema,
  kind: z.string().max(100).nullish(),
  sku: z.record(z.string(), z.unknown()).nullish(),
  identity: identitySchema,
  properties: z.object({
    authMode: anyCaseEnum(['Key', 'AMLToken', 'AADToken']),
    description: z.string().max(10_000).nullish(),
    publicNetworkAccess: anyCaseEnum(['Enabled', 'Disabled']).nullish(),
    properties: stringMapSchema,
    traffic: sharesSchema,
    mirrorTraffic: sharesSchema,
    keys: z.object({ primaryKey: keySchema.nullish(), secondaryKey: keySchema.nullish() }).nullish(),
  }),
});

export type EndpointBody = z.output<typeof endpointBodySchema>;

/** PATCH knows tags and identity only: traffic cannot be patched. */
export const endpointPatchSchema = z.object({
  tags: z.record(z.string().max(512), z.string().max(32_768).nullable()).nullish(),
  identity: identitySchema,
});

export const regenerateKeysSchema = z.object({
  keyType: anyCaseEnum(['Primary', 'Secondary']),
  keyValue: keySchema.nullish(),
});
