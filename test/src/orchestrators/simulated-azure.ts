/** Azure ML, its endpoint's traffic and its telemetry in memory, in virtual time; behaves well or badly as a test says. */

import type { DeploymentName, EndpointName, ModelName, ModelVersion } from '../../../src/domain/ids/names.ts';
import { deploymentNameOf } from '../../../src/domain/ids/names.ts';
import { binOf, type LoggedBucket, type MeteredBucket } from '../../../src/domain/judge/reading/traffic-bucket.ts';
import { normalizeTraffic, type TrafficSplit } from '../../../src/domain/rollout/traffic-split.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type {
  DeploymentSpec,
  DeploymentView,
  EndpointView,
  ModelPlatform,
  ModelVersionView,
  WriteOutcome,
} from '../../../src/ports/model-platform.ts';
import type { Scoring, ScoringReply } from '../../../src/ports/scoring.ts';
import type { BucketQuery, Telemetry } from '../../../src/ports/telemetry.ts';

export interface Behaviour {
  readonly errorRate: number;
  readonly latencyMs: number;
  /** Null: it never becomes ready. */
  readonly readyAfterMs: number | null;
  readonly smokeStatus: number;
}

export const HEALTHY: Behaviour = { errorRate: 0, latencyMs: 80, readyAfterMs: 60_000, smokeStatus: 200 };
const REQUESTS_PER_SECOND = 100;
const TRAFFIC_WRITE_MS = 5000;

interface TrafficChange {
  readonly atMs: number;
  readonly split: TrafficSplit;
}

export class SimulatedAzure implements ModelPlatform, Scoring, Telemetry {
  readonly #clock: Clock;
  readonly deployments = new Map<string, { createdMs: number; spec: DeploymentSpec; behaviour: Behaviour }>();
  readonly versions = new Map<string, ModelVersionView>();
  readonly deletions: string[] = [];
  /** Calls that still fail, by method. */
  readonly outages = new Map<string, number>();
  greenBehaviour: Behaviour = HEALTHY;
  /** False: nothing reaches the log. */
  telemetryFlows = true;
  #changes: TrafficChange[];
  #busyUntilMs = 0;
  #stale: { readonly split: TrafficSplit; reads: number } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#changes = [{ atMs: 0, split: { traffic: { [this.blue]: 100 }, mirror: {} } }];
    for (const version of ['1', '2', '3']) this.register(version);
    this.deployments.set(this.blue, {
      createdMs: 0,
      spec: { instanceCount: 3, version: '1' } as unknown as DeploymentSpec,
      behaviour: { ...HEALTHY, readyAfterMs: 0 },
    });
  }

  get blue(): DeploymentName {
    return deploymentNameOf('air-time' as ModelName, '1' as ModelVersion);
  }

  /** The split that serves now. */
  get split(): TrafficSplit {
    return this.#splitAt(this.#clock.nowMs());
  }

  /** Every split there has been, in order. */
  get history(): readonly TrafficSplit[] {
    return this.#changes.map(({ split }) => split);
  }

  register(version: string): void {
    const createdAtIso = new Date(Date.UTC(2026, 0, Number(version))).toISOString();
    this.versions.set(version, {
      model: 'air-time' as ModelName,
      version: version as ModelVersion,
      tags: {},
      createdAtIso,
      id: version,
    });
  }

  /** The next `reads` reads of the endpoint show this instead of the truth. */
  showStale(split: TrafficSplit, reads: number): void {
    this.#stale = { split, reads };
  }

  scale(deployment: string, instanceCount: number): void {
    const known = this.deployments.get(deployment);
    if (known) this.deployments.set(deployment, { ...known, spec: { ...known.spec, instanceCount } });
  }

  changeTrafficByHand(split: TrafficSplit): void {
    this.#changes.push({ atMs: this.#clock.nowMs(), split });
  }

  async getModelVersion(_model: ModelName, version: ModelVersion) {
    return this.versions.get(version) ?? null;
  }

  async listModelVersions() {
    return [...this.versions.values()].reverse();
  }

  async mergeModelVersionTags(
    _model: ModelName,
    version: ModelVersion,
    tags: Readonly<Record<string, string>>,
  ): Promise<WriteOutcome> {
    this.#maybeFail('mergeModelVersionTags');
    const known = this.versions.get(version);
    if (!known) return { kind: 'refused', reason: 'no such version' };
    this.versions.set(version, { ...known, tags: { ...known.tags, ...tags } });
    return { kind: 'accepted' };
  }

  async getEndpoint(endpoint: EndpointName): Promise<EndpointView> {
    this.#maybeFail('getEndpoint');
    const provisioningState = this.#clock.nowMs() < this.#busyUntilMs ? 'Updating' : 'Succeeded';
    return { endpoint, provisioningState, split: this.#shownSplit(), scoringUri: 'https://x' };
  }

  async putTraffic(_endpoint: EndpointName, split: TrafficSplit): Promise<WriteOutcome> {
    const nowMs = this.#clock.nowMs();
    if (nowMs < this.#busyUntilMs) return { kind: 'busy', reason: 'another operation' };
    const names = [...Object.keys(split.traffic), ...Object.keys(split.mirror)];
    const missing = names.find((name) => !this.deployments.has(name));
    if (missing) return { kind: 'refused', reason: `${missing} does not exist` };
    this.#busyUntilMs = nowMs + TRAFFIC_WRITE_MS;
    this.#changes.push({
      atMs: this.#busyUntilMs,
      split: { traffic: normalizeTraffic(split.traffic), mirror: normalizeTraffic(split.mirror) },
    });
    return { kind: 'accepted' };
  }

  async getDeployment(_endpoint: EndpointName, deployment: DeploymentName): Promise<DeploymentView | null> {
    const known = this.deployments.get(deployment);
    if (!known) return null;
    const { readyAfterMs } = known.behaviour;
    const ready = readyAfterMs !== null && this.#clock.nowMs() >= known.createdMs + readyAfterMs;
    return {
      deployment,
      provisioningState: ready ? 'Succeeded' : 'Creating',
      instanceCount: known.spec.instanceCount,
      model: 'air-time' as ModelName,
      modelVersion: known.spec.version,
      tags: known.spec.tags ?? {},
    };
  }

  async putDeployment(spec: DeploymentSpec): Promise<WriteOutcome> {
    this.#maybeFail('putDeployment');
    if (!this.deployments.has(spec.deployment)) {
      this.deployments.set(spec.deployment, { createdMs: this.#clock.nowMs(), spec, behaviour: this.greenBehaviour });
    }
    return { kind: 'accepted' };
  }

  async deleteDeployment(_endpoint: EndpointName, deployment: DeploymentName): Promise<WriteOutcome> {
    if (this.split.traffic[deployment]) return { kind: 'refused', reason: 'it serves' };
    this.deployments.delete(deployment);
    this.deletions.push(deployment);
    return { kind: 'accepted' };
  }

  async getDeploymentLog(): Promise<string> {
    return 'the last lines of its log';
  }

  async score(_endpoint: EndpointName, deployment: DeploymentName): Promise<ScoringReply> {
    const { behaviour } = this.deployments.get(deployment) ?? { behaviour: HEALTHY };
    return { status: behaviour.smokeStatus, body: 1, durationMs: behaviour.latencyMs };
  }

  async readBuckets(query: BucketQuery): Promise<readonly LoggedBucket[]> {
    this.#maybeFail('readBuckets');
    if (!this.telemetryFlows) return [];
    return this.#perBucket(query).filter(({ requests }) => requests > 0);
  }

  async readRequestCounts(query: BucketQuery): Promise<readonly MeteredBucket[]> {
    if (!this.telemetryFlows) return [];
    return this.#perBucket(query).map(({ deployment, startMs, requests }) => ({ deployment, startMs, requests }));
  }

  #perBucket(query: BucketQuery): LoggedBucket[] {
    const found: LoggedBucket[] = [];
    const lengthMs = query.bucketSeconds * 1000;
    for (let startMs = query.fromMs; startMs < query.toMs; startMs += lengthMs) {
      const split = this.#splitAt(startMs);
      for (const deployment of query.deployments) {
        const share = (split.traffic[deployment] ?? 0) + (split.mirror[deployment] ?? 0);
        const requests = Math.round((share / 100) * REQUESTS_PER_SECOND * query.bucketSeconds);
        const { errorRate, latencyMs } = this.deployments.get(deployment)?.behaviour ?? HEALTHY;
        const errors = Math.round(requests * errorRate);
        const latency = requests === errors ? {} : { [binOf(latencyMs)]: requests - errors };
        found.push({ deployment, startMs, requests, errors, latency });
      }
    }
    return found;
  }

  #shownSplit(): TrafficSplit {
    if (this.#stale === null || this.#stale.reads === 0) return this.split;
    this.#stale.reads -= 1;
    return this.#stale.split;
  }

  #splitAt(atMs: number): TrafficSplit {
    const past = this.#changes.filter((change) => change.atMs <= atMs);
    return past.at(-1)?.split ?? { traffic: {}, mirror: {} };
  }

  #maybeFail(method: string): void {
    const left = this.outages.get(method) ?? 0;
    if (left === 0) return;
    this.outages.set(method, left - 1);
    throw new Error(`${method} is out of order`);
  }
}
