/** The five asset types: their path segment and what a version of each holds. */
import { z } from 'zod';
import { anyCaseEnum } from '../protocol/any-case-enum.ts';
import { stringMapSchema } from '../protocol/string-map.ts';

const optionalText = (max: number) => z.string().max(max).nullish();

const baseShape = {
  description: optionalText(10_000),
  tags: stringMapSchema,
  properties: stringMapSchema,
  isArchived: z.boolean().nullish().default(false),
  isAnonymous: z.boolean().nullish().default(false),
};
const uri = z.string().min(1).max(4096);
const stage = optionalText(255);

const versionSchemas = {
  models: z.object({
    ...baseShape,
    modelUri: uri,
    modelType: z.string().max(100).nullish().default('custom_model'),
    jobName: optionalText(255),
    flavors: z.record(z.string(), z.unknown()).nullish(),
    stage,
  }),
  environments: z
    .object({
      ...baseShape,
      stage,
      image: optionalText(1024),
      build: z.object({ contextUri: uri, dockerfilePath: z.string().max(1024).default('Dockerfile') }).nullish(),
      condaFile: optionalText(200_000),
      osType: anyCaseEnum(['Linux', 'Windows']).nullish().default('Linux'),
      autoRebuild: anyCaseEnum(['Disabled', 'OnBaseImageUpdate']).nullish(),
      inferenceConfig: z.record(z.string(), z.unknown()).nullish(),
    })
    .refine((body) => Boolean(body.image) !== Boolean(body.build), 'give either image or build'),
  codes: z.object({ ...baseShape, codeUri: uri }),
  data: z.object({
    ...baseShape,
    stage,
    dataType: anyCaseEnum(['uri_file', 'uri_folder', 'mltable']),
    dataUri: uri,
    referencedUris: z.array(uri).max(1000).nullish(),
  }),
  components: z.object({ ...baseShape, componentSpec: z.record(z.string(), z.unknown()) }),
};

/** Path segment of an asset type. */
export type AssetKind = keyof typeof versionSchemas;

export const ASSET_KINDS = Object.keys(versionSchemas) as readonly AssetKind[];

/** Members that every asset version has; the others depend on its type. */
export interface VersionProperties {
  readonly description?: string | null | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly isArchived?: boolean | null;
  readonly stage?: string | null | undefined;
  readonly [member: string]: unknown;
}

/** Schema of the PUT body of a version. */
export function versionBodySchema(kind: AssetKind): z.ZodType<{ properties: VersionProperties }> {
  return z.object({ properties: versionSchemas[kind] });
}

export const containerBodySchema = z.object({
  properties: z
    .object({
      description: baseShape.description,
      tags: stringMapSchema,
      properties: stringMapSchema,
      isArchived: baseShape.isArchived,
      dataType: z.string().max(100).nullish(),
    })
    .nullish()
    .transform((given) => given ?? { tags: {}, properties: {}, isArchived: false }),
});

export type ContainerProperties = z.output<typeof containerBodySchema>['properties'];

/** Members that only api-versions after 2022-10-01 know. */
export const NEWER_MEMBERS: ReadonlySet<string> = new Set(['stage', 'autoRebuild']);

/** The member that holds the artefact's address, where the type has one. */
export const URI_MEMBERS: Readonly<Partial<Record<AssetKind, string>>> = { models: 'modelUri', codes: 'codeUri' };
