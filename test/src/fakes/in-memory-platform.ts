/**
 * Azure ML in memory, with the promises of the real ModelPlatform: operations take time (until `settle`), a second write
 * is busy meanwhile, and what Azure refuses is refused.
 */
import type { DeploymentName, EndpointName, ModelName, ModelVersion } from '../../../src/domain/ids/names.ts';
import { normalizeTraffic, type TrafficSplit } from '../../../src/domain/rollout/traffic-split.ts';
import type {
  DeploymentSpec,
  DeploymentView,
  EndpointView,
  ModelPlatform,
  ModelVersionView,
  WriteOutcome,
} from '../../../src/ports/model-platform.ts';

const ASSET = /^(azureml:[A-Za-z0-9_-]+:[A-Za-z0-9._-]+|azureml:\/\/registries\/.+)$/;

interface Endpoint {
  split: TrafficSplit;
  state: string;
  pending: (() => void) | null;
  readonly deployments: Map<string, DeploymentView>;
}

export class InMemoryPlatform implements ModelPlatform {
  readonly versions = new Map<string, ModelVersionView>();
  readonly #endpoints = new Map<string, Endpoint>();
  /** Writes that were accepted, for tests that count them. */
  readonly writes: string[] = [];
  /** Set to make the next created deployment fail. */
  nextDeploymentFails = false;
  /** False: every accepted operation ends at once. */
  operationsTakeTime = true;

  addVersion(model: string, version: string, createdAtIso: string, tags: Readonly<Record<string, string>> = {}): void {
    const view = { model: model as ModelName, version: version as ModelVersion, tags, createdAtIso };
    this.versions.set(`${model}:${version}`, { ...view, id: `/models/${model}/versions/${version}` });
  }

  addEndpoint(name: string, split: TrafficSplit = { traffic: {}, mirror: {} }, state = 'Succeeded'): void {
    this.#endpoints.set(name, { split, state, pending: null, deployments: new Map() });
  }

  addDeployment(endpoint: string, deployment: string, changes: Partial<DeploymentView> = {}): void {
    this.#endpoints.get(endpoint)?.deployments.set(deployment, {
      deployment: deployment as DeploymentName,
      provisioningState: 'Succeeded',
      instanceCount: 1,
      model: null,
      modelVersion: null,
      tags: {},
      ...changes,
    });
  }

  /** Changes traffic as somebody else would. */
  setSplit(endpoint: string, split: TrafficSplit): void {
    const found = this.#endpoints.get(endpoint);
    if (found) found.split = split;
  }

  /** Ends the running operation of every endpoint. */
  settle(): void {
    for (const endpoint of this.#endpoints.values()) {
      endpoint.pending?.();
      endpoint.pending = null;
    }
  }

  async getModelVersion(model: ModelName, version: ModelVersion): Promise<ModelVersionView | null> {
    return this.versions.get(`${model}:${version}`) ?? null;
  }

  async listModelVersions(model: ModelName, limit: number): Promise<readonly ModelVersionView[]> {
    const own = [...this.versions.values()].filter((view) => view.model === model);
    return own.sort((a, b) => Date.parse(b.createdAtIso) - Date.parse(a.createdAtIso)).slice(0, limit);
  }

  async mergeModelVersionTags(
    model: ModelName,
    version: ModelVersion,
    tags: Readonly<Record<string, string>>,
  ): Promise<WriteOutcome> {
    const view = this.versions.get(`${model}:${version}`);
    if (!view) return refused(`There is no version ${version}.`);
    this.versions.set(`${model}:${version}`, { ...view, tags: { ...view.tags, ...tags } });
    return { kind: 'accepted' };
  }

  async getEndpoint(name: EndpointName): Promise<EndpointView | null> {
    const found = this.#endpoints.get(name);
    if (!found) return null;
    return {
      endpoint: name,
      provisioningState: found.state,
      split: found.split,
      scoringUri: 'https://scoring.test/score',
    };
  }

  async putTraffic(name: EndpointName, split: TrafficSplit): Promise<WriteOutcome> {
    const endpoint = this.#endpoints.get(name);
    if (!endpoint) return refused(`There is no endpoint ${name}.`);
    const problem = trafficProblem(endpoint, split);
    if (problem) return refused(problem);
    return this.#begin(endpoint, `traffic ${name}`, 'Updating', () => {
      endpoint.split = { traffic: normalizeTraffic(split.traffic), mirror: normalizeTraffic(split.mirror) };
    });
  }

  async getDeployment(endpoint: EndpointName, deployment: DeploymentName): Promise<DeploymentView | null> {
    return this.#endpoints.get(endpoint)?.deployments.get(deployment) ?? null;
  }

  async putDeployment(spec: DeploymentSpec): Promise<WriteOutcome> {
    const endpoint = this.#endpoints.get(spec.endpoint);
    if (!endpoint) return refused(`There is no endpoint ${spec.endpoint}.`);
    if (!ASSET.test(spec.code) || !ASSET.test(spec.environment)) return refused('That is no asset reference.');
    if (!this.versions.has(`${spec.model}:${spec.version}`)) return refused(`There is no version ${spec.version}.`);
    const { deployment, instanceCount, model, version: modelVersion, tags } = spec;
    const show = (provisioningState: string) =>
      this.addDeployment(spec.endpoint, deployment, { provisioningState, instanceCount, model, modelVersion, tags });
    const outcome = this.#begin(endpoint, `deployment ${deployment}`, endpoint.state, () => {
      show(this.nextDeploymentFails ? 'Failed' : 'Succeeded');
      this.nextDeploymentFails = false;
    });
    if (outcome.kind === 'accepted' && endpoint.pending) show('Creating');
    return outcome;
  }

  async deleteDeployment(name: EndpointName, deployment: DeploymentName): Promise<WriteOutcome> {
    const endpoint = this.#endpoints.get(name);
    if (!endpoint?.deployments.has(deployment)) return { kind: 'accepted' };
    if (endpoint.split.traffic[deployment] || endpoint.split.mirror[deployment]) return refused('It has traffic.');
    return this.#begin(endpoint, `delete ${deployment}`, endpoint.state, () => endpoint.deployments.delete(deployment));
  }

  async getDeploymentLog(endpoint: EndpointName, deployment: DeploymentName): Promise<string> {
    return this.#endpoints.get(endpoint)?.deployments.has(deployment) ? `log of ${deployment}` : '';
  }

  #begin(endpoint: Endpoint, what: string, meanwhile: string, finish: () => void): WriteOutcome {
    if (endpoint.pending) return { kind: 'busy', reason: 'Another operation runs.' };
    this.writes.push(what);
    if (!this.operationsTakeTime) {
      finish();
      return { kind: 'accepted' };
    }
    endpoint.state = meanwhile;
    endpoint.pending = () => {
      endpoint.state = 'Succeeded';
      finish();
    };
    return { kind: 'accepted' };
  }
}

function trafficProblem(endpoint: Endpoint, { traffic, mirror }: TrafficSplit): string | null {
  const total = Object.values(traffic).reduce((sum, percent) => sum + percent, 0);
  if (total !== 0 && total !== 100) return `The traffic sums to ${total}.`;
  const unknown = Object.keys({ ...traffic, ...mirror }).find((name) => !endpoint.deployments.has(name));
  if (unknown) return `There is no deployment ${unknown}.`;
  const mirrored = Object.entries(normalizeTraffic(mirror));
  if (mirrored.length > 1 || mirrored.some(([, percent]) => percent > 50)) return 'At most 50 % to one mirror.';
  return mirrored.some(([name]) => (traffic[name] ?? 0) > 0) ? 'A mirror cannot have live traffic.' : null;
}

function refused(reason: string): WriteOutcome {
  return { kind: 'refused', reason };
}
