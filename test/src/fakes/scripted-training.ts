/** Azure ML's training side in memory: data, jobs, tracking and registry with the promises of the real ones; tests script the rest. */
import type { ModelName, ModelVersion } from '../../../src/domain/ids/names.ts';
import type { DataAssets, DataResolution } from '../../../src/ports/data-assets.ts';
import type { CollectedRow, DataRow, DataRows } from '../../../src/ports/data-rows.ts';
import type { ModelVersionView, WriteOutcome } from '../../../src/ports/model-platform.ts';
import type { ModelRegistry, Registration } from '../../../src/ports/model-registry.ts';
import type { RunMetrics, RunReading } from '../../../src/ports/run-metrics.ts';
import type { DataReport, Inspection, TrainingData } from '../../../src/ports/training-data.ts';
import type { JobState, JobSubmission, JobView, TrainingJobs } from '../../../src/ports/training-jobs.ts';

/** A challenger that is surely better. */
export const BETTER = {
  'gate.rows': 5000,
  'gate.champion_loss': 16,
  'gate.challenger_loss': 7,
  'gate.difference_mean': -9,
  'gate.difference_variance': 100,
  'gate.difference_skewness': 0,
};

const REPORT: DataReport = {
  files: 1,
  bytes: 1000,
  rows: 20_000,
  malformedRows: 0,
  complete: true,
  columns: { air_time: { present: true, nulls: 0, typeErrors: 0 } },
};

export class ScriptedTraining implements TrainingJobs, RunMetrics, DataAssets, TrainingData, DataRows, ModelRegistry {
  /** Every submission that started a job. */
  readonly submitted: JobSubmission[] = [];
  readonly states = new Map<string, JobState>();
  readonly registrations: Registration[] = [];
  readonly cancellations: string[] = [];
  report: DataReport = REPORT;
  metrics: Readonly<Record<string, number>> = BETTER;
  /** Thrown instead of an answer, this many times; by name of the method. */
  readonly failures = new Map<string, number>();
  refusal: string | null = null;
  dataCreatedAtIso: string | null = null;
  /** What `@latest` means. */
  latestData = '3';
  /** Rows of the reference and of what was collected. */
  referenceRows: readonly DataRow[] = [];
  collectedRows: readonly DataRow[] = [];
  /** What the job wrote of its hold-out. */
  lossRows: readonly DataRow[] = [];
  /** Jobs stay running until a test ends them. */
  endsBy: JobState = 'completed';

  async submit(job: JobSubmission): Promise<WriteOutcome> {
    if (this.refusal !== null) return { kind: 'refused', reason: this.refusal };
    if (!this.states.has(job.name)) {
      this.submitted.push(job);
      this.states.set(job.name, 'running');
    }
    this.#mayFail('submit');
    return { kind: 'accepted' };
  }

  async read(name: string): Promise<JobView | null> {
    this.#mayFail('read');
    const state = this.states.get(name);
    if (state === undefined) return null;
    const outputs = { model: `azureml://datastores/workspaceartifactstore/paths/${name}/model` };
    return { name, state, status: state, reason: state === 'failed' ? 'exit code 1' : null, outputs };
  }

  async cancel(name: string): Promise<WriteOutcome> {
    this.#mayFail('cancel');
    this.cancellations.push(name);
    if (this.states.get(name) === 'running') this.states.set(name, 'canceled');
    return { kind: 'accepted' };
  }

  async readRun(): Promise<RunReading | null> {
    this.#mayFail('readRun');
    return { metrics: this.metrics, tags: { 'slipway.code_commit': 'abc123' } };
  }

  async resolve(source: string): Promise<DataResolution> {
    this.#mayFail('resolve');
    const reference = source.startsWith('azureml:') ? source.replace('@latest', `:${this.latestData}`) : null;
    const blobUrl = `https://account.blob.core.windows.net/data/${source}`;
    const { dataCreatedAtIso: createdAtIso } = this;
    const uri = `azureml://datastores/data/paths/${source}`;
    return { ok: true, data: { reference, uri, kind: 'file', blobUrl, createdAtIso } };
  }

  async inspect(): Promise<Inspection> {
    this.#mayFail('inspect');
    return { ok: true, report: this.report };
  }

  async *readDataset(): AsyncIterable<DataRow> {
    yield* this.referenceRows;
  }

  async *readLines(): AsyncIterable<DataRow> {
    yield* this.lossRows;
  }

  async *readCollected(): AsyncIterable<CollectedRow> {
    for (const row of this.collectedRows) yield { atMs: 0, correlationId: null, row };
  }

  async *readArrived(): AsyncIterable<DataRow> {
    yield* [];
  }

  async findByTag(model: ModelName, tag: string, value: string): Promise<ModelVersionView | null> {
    const found = this.registrations.find((registration) => registration.tags[tag] === value);
    if (!found) return null;
    return { model, version: found.version, tags: found.tags, createdAtIso: '2026-03-01T12:00:00.000Z', id: 'x' };
  }

  async nextVersion(): Promise<ModelVersion> {
    return String(7 + this.registrations.length) as ModelVersion;
  }

  async register(registration: Registration): Promise<WriteOutcome> {
    this.registrations.push(registration);
    this.#mayFail('register');
    return { kind: 'accepted' };
  }

  /** After the effect, as a reply that gets lost. */
  #mayFail(method: string): void {
    const left = this.failures.get(method) ?? 0;
    if (left === 0) return;
    this.failures.set(method, left - 1);
    throw new Error(`${method}: connection reset`);
  }
}
