/** The ModelRegistry port over Azure ML's model versions; the client lists, the write is raw and names every member. */
import { z } from 'zod';
import type { ModelName, ModelVersion } from '../../domain/ids/names.ts';
import type { WriteOutcome } from '../../ports/model-platform.ts';
import type { ModelRegistry, Registration } from '../../ports/model-registry.ts';
import { type ArmRequests, armPath, createArmRequests } from './arm-requests.ts';
import type { AzureMlClient, AzureMlTarget } from './azure-ml-client.ts';
import { listModelVersions } from './model-versions.ts';

/** Versions that are looked at, newest first. */
const MAX_VERSIONS = 100;

const versionSchema = z.looseObject({
  properties: z.looseObject({ jobName: z.string().nullish(), modelUri: z.string().nullish() }),
});

export function createModelRegistry(client: AzureMlClient, target: AzureMlTarget): ModelRegistry {
  const arm = createArmRequests(client, target);
  return {
    async findByTag(model, tag, value) {
      const versions = await listModelVersions(client, target, model, MAX_VERSIONS);
      return versions.find(({ tags }) => tags[tag] === value) ?? null;
    },
    nextVersion: (model) => nextVersion(client, target, model),
    register: (registration) => register(arm, registration),
  };
}

/** Versions need not be numbers: others are passed over. */
async function nextVersion(client: AzureMlClient, target: AzureMlTarget, model: ModelName): Promise<ModelVersion> {
  const versions = await listModelVersions(client, target, model, MAX_VERSIONS);
  const numbers = versions.map(({ version }) => (/^\d{1,15}$/.test(version) ? Number(version) : 0));
  return String(Math.max(0, ...numbers) + 1) as ModelVersion;
}

async function register(arm: ArmRequests, registration: Registration): Promise<WriteOutcome> {
  const { model, version, jobName, modelUri, modelType, description, tags } = registration;
  const path = armPath('models', model, 'versions', version);
  const present = await arm.get(path);
  if (present !== null) return isOwn(present, registration) ? { kind: 'accepted' } : taken(registration);
  return arm.write('PUT', path, { properties: { modelType, modelUri, jobName, description, tags } });
}

function isOwn(body: unknown, { jobName, modelUri }: Registration): boolean {
  const { properties } = versionSchema.parse(body);
  return properties.jobName === jobName && properties.modelUri === modelUri;
}

function taken({ model, version }: Registration): WriteOutcome {
  return { kind: 'refused', reason: `Version ${version} of ${model} exists and was not registered by this job.` };
}
