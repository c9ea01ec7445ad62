/** Turns Azure ML CLI v2 YAML files into the ARM writes that the CLI would make, uploading local files on the way. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { type CommandJobYaml, commandJobProperties } from './yaml/command-job.ts';
import { collectionAssetWrites } from './yaml/data-collection.ts';
import { deploymentProperties } from './yaml/deployment-properties.ts';
import { scheduleBody } from './yaml/schedule-body.ts';
import { type AzureMlYaml, type Overrides, readAzureMlYaml } from './yaml/yaml-file.ts';
import type { DeploymentYaml, EndpointYaml, EnvironmentYaml, ModelYaml } from './yaml/yaml-schemas.ts';

/** One PUT, in the order in which it must be made. Endpoint and deployment writes are long-running. */
export interface ArmWrite {
  /** Below the workspace, for example `/models/flights/versions/1`. */
  readonly path: string;
  readonly body: object;
}

export interface YamlOptions {
  /** ARM id of the workspace. */
  readonly workspaceId: string;
  readonly location: string;
  /** Stores a local file or folder and returns its address, for example `ArtifactStore.upload`. */
  readonly upload: (localPath: string) => Promise<string>;
  /** Replaces top-level members of the file. */
  readonly overrides?: Overrides;
}

type ModelContent = Omit<ModelYaml, 'name' | 'version'>;
type EnvironmentContent = Omit<EnvironmentYaml, 'name' | 'version'>;
interface Context extends YamlOptions {
  readonly folder: string;
}

/** Fails with every wrong member of the file; needs api-version 2023-04-01 or newer for mirror and data collector, 2024-04-01 for monitors. */
export async function armWritesFromYaml(file: string, options: YamlOptions): Promise<readonly ArmWrite[]> {
  const document = await readAzureMlYaml(file, options.overrides);
  return writesOf(document, { ...options, folder: document.folder });
}

async function writesOf(document: AzureMlYaml, context: Context): Promise<readonly ArmWrite[]> {
  const { kind, spec } = document;
  switch (kind) {
    case 'model':
      return [{ path: versionPath('models', spec.name, spec.version), body: await modelBody(spec, context) }];
    case 'environment':
      return [
        { path: versionPath('environments', spec.name, spec.version), body: await environmentBody(spec, context) },
      ];
    case 'endpoint':
      return [{ path: `/onlineEndpoints/${spec.name}`, body: endpointBody(spec, context.location) }];
    case 'deployment':
      return deploymentWrites(spec, context);
    case 'monitor':
      return [{ path: `/schedules/${spec.name}`, body: scheduleBody(spec) }];
    case 'job':
      return jobWrites(spec, context);
  }
}

function versionPath(kind: string, name: string, version: string): string {
  return `/${kind}/${name}/versions/${version}`;
}

async function modelBody(spec: ModelContent, context: Context): Promise<{ properties: object }> {
  const { description, tags, properties, flavors, stage } = spec;
  const modelUri = await addressOf(spec.path, context);
  return {
    properties: { description, tags, properties, flavors, stage, modelUri, modelType: spec.type ?? 'custom_model' },
  };
}

async function environmentBody(spec: EnvironmentContent, context: Context): Promise<{ properties: object }> {
  const { description, tags, properties, image } = spec;
  const build = spec.build && {
    contextUri: await addressOf(spec.build.path, context),
    dockerfilePath: spec.build.dockerfile_path,
  };
  const osType = spec.os_type === 'windows' ? 'Windows' : 'Linux';
  const condaFile = await condaText(spec.conda_file, context);
  const { inference_config: inferenceConfig } = spec;
  return { properties: { description, tags, properties, image, build, osType, condaFile, inferenceConfig } };
}

async function condaText(conda: EnvironmentContent['conda_file'], context: Context): Promise<string | undefined> {
  if (conda === undefined) return undefined;
  return typeof conda === 'string' ? readFile(resolve(context.folder, conda), 'utf8') : stringify(conda);
}

const AUTH_MODES = { key: 'Key', aml_token: 'AMLToken', aad_token: 'AADToken' } as const;

function endpointBody(spec: EndpointYaml, location: string): object {
  return {
    location,
    tags: spec.tags,
    identity: { type: 'SystemAssigned' },
    properties: {
      authMode: AUTH_MODES[spec.auth_mode],
      description: spec.description,
      properties: spec.properties,
      publicNetworkAccess: spec.public_network_access === 'disabled' ? 'Disabled' : 'Enabled',
      traffic: spec.traffic ?? {},
      mirrorTraffic: spec.mirror_traffic ?? {},
    },
  };
}

/** Code, and a model or environment written in place, become anonymous versions named by their content. */
async function deploymentWrites(spec: DeploymentYaml, context: Context): Promise<readonly ArmWrite[]> {
  const { code, scoring_script: scoringScript } = spec.code_configuration;
  const model = await reference('models', spec.model, modelBody, context);
  const environment = await reference('environments', spec.environment, environmentBody, context);
  const codes = await codeReference(code, context);
  const properties = {
    ...deploymentProperties(spec, context.workspaceId),
    model: model.id,
    environmentId: environment.id,
    codeConfiguration: { codeId: codes.id, scoringScript },
  };
  const body = {
    location: context.location,
    tags: spec.tags,
    sku: { name: 'Default', capacity: spec.instance_count },
    properties,
  };
  const path = `/onlineEndpoints/${spec.endpoint_name}/deployments/${spec.name}`;
  return [...model.writes, ...environment.writes, ...codes.writes, ...collectionAssetWrites(spec), { path, body }];
}

async function jobWrites(spec: CommandJobYaml, context: Context): Promise<readonly ArmWrite[]> {
  const environment = await reference('environments', spec.environment, environmentBody, context);
  const code = spec.code === undefined ? undefined : await codeReference(spec.code, context);
  const body = { properties: commandJobProperties(spec, { codeId: code?.id, environmentId: environment.id }) };
  return [...environment.writes, ...(code?.writes ?? []), { path: `/jobs/${spec.name}`, body }];
}

function codeReference(code: string, context: Context) {
  return reference('codes', isReference(code) ? code : { path: code }, codeBody, context);
}

async function codeBody(spec: { readonly path: string }, context: Context): Promise<{ properties: object }> {
  return { properties: { codeUri: await addressOf(spec.path, context) } };
}

async function reference<Content extends object>(
  kind: string,
  given: string | Content,
  toBody: (content: Content, context: Context) => Promise<{ properties: object }>,
  context: Context,
): Promise<{ readonly id: string; readonly writes: readonly ArmWrite[] }> {
  if (typeof given === 'string') return { id: referenceId(kind, given, context.workspaceId), writes: [] };
  const { properties } = await toBody(given, context);
  const name = createHash('sha256').update(JSON.stringify(properties)).digest('hex').slice(0, 32);
  const path = versionPath(kind, name, '1');
  return {
    id: context.workspaceId + path,
    writes: [{ path, body: { properties: { ...properties, isAnonymous: true } } }],
  };
}

function referenceId(kind: string, given: string, workspaceId: string): string {
  const named = /^azureml:([^:/@]+):([^:/@]+)$/.exec(given);
  if (named) return workspaceId + versionPath(kind, named[1] ?? '', named[2] ?? '');
  if (/^(azureml:)?\/subscriptions\//i.test(given)) return given.replace(/^azureml:/i, '');
  throw new Error(
    `'${given}' is no reference to ${kind}: write azureml:<name>:<version> or an ARM id; labels such as @latest are not resolved.`,
  );
}

function isReference(given: string): boolean {
  return /^azureml:[^/]|^(azureml:)?\/subscriptions\//i.test(given);
}

/** Addresses stay as they are; a path is relative to the YAML file and is uploaded. */
async function addressOf(path: string, context: Context): Promise<string> {
  if (/^(azureml|https):\/\//i.test(path)) return path;
  return context.upload(resolve(context.folder, path));
}
