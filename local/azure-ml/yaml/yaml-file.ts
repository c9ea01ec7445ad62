/** Reads one Azure ML CLI v2 YAML file and decides by its `$schema` what it describes. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type CommandJobYaml, commandJobSchema } from './command-job.ts';
import { type MonitorScheduleYaml, monitorScheduleSchema } from './monitor-yaml-schema.ts';
import {
  type DeploymentYaml,
  deploymentSchema,
  type EndpointYaml,
  type EnvironmentYaml,
  endpointSchema,
  environmentSchema,
  type ModelYaml,
  modelSchema,
} from './yaml-schemas.ts';

export type AzureMlYaml = { readonly folder: string } & (
  | { readonly kind: 'model'; readonly spec: ModelYaml }
  | { readonly kind: 'environment'; readonly spec: EnvironmentYaml }
  | { readonly kind: 'endpoint'; readonly spec: EndpointYaml }
  | { readonly kind: 'deployment'; readonly spec: DeploymentYaml }
  | { readonly kind: 'monitor'; readonly spec: MonitorScheduleYaml }
  | { readonly kind: 'job'; readonly spec: CommandJobYaml }
);

/** Replaces top-level members before validation, as `--set` of the CLI does; undefined removes one. */
export type Overrides = Readonly<Record<string, unknown>>;

const MAX_CHARACTERS = 200_000;

/** Fails with one message that lists every wrong member of the file. */
export async function readAzureMlYaml(file: string, overrides: Overrides = {}): Promise<AzureMlYaml> {
  const text = await readFile(file, 'utf8');
  if (text.length > MAX_CHARACTERS) throw new Error(`${file} is longer than ${MAX_CHARACTERS} characters.`);
  const given = z.record(z.string(), z.unknown()).safeParse(parse(text));
  if (!given.success) throw new Error(`${file} does not hold a YAML mapping.`);
  const document = { ...given.data, ...overrides };
  const folder = dirname(resolve(file));
  switch (schemaName(given.data.$schema)) {
    case 'model.schema.json':
      return { kind: 'model', folder, spec: check(file, modelSchema, document) };
    case 'environment.schema.json':
      return { kind: 'environment', folder, spec: check(file, environmentSchema, document) };
    case 'managedonlineendpoint.schema.json':
      return { kind: 'endpoint', folder, spec: check(file, endpointSchema, document) };
    case 'managedonlinedeployment.schema.json':
      return { kind: 'deployment', folder, spec: check(file, deploymentSchema, document) };
    case 'commandjob.schema.json':
      return { kind: 'job', folder, spec: check(file, commandJobSchema, document) };
    case 'monitorschedule.schema.json':
      return { kind: 'monitor', folder, spec: check(file, monitorScheduleSchema, document) };
    default:
      throw new Error(
        `${file} has the $schema '${String(given.data.$schema)}'. Known are the CLI schemas model, environment, managedOnlineEndpoint, managedOnlineDeployment and commandJob.`,
      );
  }
}

function schemaName(url: unknown): string {
  return String(url).split('/').at(-1)?.toLowerCase() ?? '';
}

function check<Schema extends z.ZodType>(file: string, schema: Schema, document: unknown): z.output<Schema> {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`);
  throw new Error(`${file} is not valid:\n  ${problems.join('\n  ')}`);
}
