/** Rollout policies of the scenarios: everything in seconds, margins so wide that a healthy version always passes. */
import type { ModelName } from '../../../src/domain/ids/names.ts';

/** Unit of telemetry of every scenario's stack. */
export const BUCKET_SECONDS = 1;
export const ENVIRONMENT = 'e2e-env';
export const CODE = 'e2e-code';
export const COLLECTION = 'model_outputs';
export const TRAINING_CODE = 'e2e-training';

/** Parts of a policy file that scenarios choose; the rest is the same for all. */
export interface LaneChoices {
  /** Copies half of the requests before any step. */
  readonly shadow?: boolean;
  /** Weights that a person has to approve, within a minute and a half. */
  readonly approvalBefore?: readonly number[];
  /** Buckets that the step and the bake last at least. */
  readonly dwellBuckets?: number;
  /** How long the answer to the smoke request takes. */
  readonly smokeMs?: number;
  /** Retrains on the asset `<lane>-rows` with a job that takes so many seconds; a day of cool-down. */
  readonly retrainPauseSeconds?: number;
  /** Compares predictions, or judges outcomes: how often a prediction was right within one. */
  readonly judgedAnswers?: 'predictions' | 'outcomes';
  /** What a newer version does to a running rollout; it waits unless given. */
  readonly whenBusy?: 'wait' | 'supersede';
}

/** The lane `name` is the endpoint of that name, with one model and one policy of its own. */
export function modelOf(lane: string): ModelName {
  return `${lane}-model` as ModelName;
}

export function lanePolicy(lane: string, choices: LaneChoices = {}): object {
  const { dwellBuckets = 2, smokeMs = 0, whenBusy = 'wait' } = choices;
  const probe = { period: '1s', timeout: '5s', failureThreshold: 60 };
  const predictions = { type: 'array', minItems: 1, items: { type: 'number' } };
  return {
    name: lane,
    endpoint: lane,
    model: modelOf(lane),
    deployment: {
      environment: `azureml:${ENVIRONMENT}:1`,
      code: `azureml:${CODE}:1`,
      scoringScript: 'score.py',
      instanceType: 'Standard_DS3_v2',
      requestTimeoutMs: 8000,
      maxConcurrentRequestsPerInstance: 20,
      livenessProbe: { ...probe, initialDelay: '10s', period: '5s' },
      readinessProbe: { ...probe, initialDelay: '0s' },
      readyTimeout: '1m',
      ...(choices.judgedAnswers ? { dataCollection: { collections: [COLLECTION] } } : {}),
    },
    smokeTest: {
      requests: [
        {
          name: 'one-row',
          body: { data: [{ x: 1 }], sleepMs: smokeMs },
          expect: { type: 'object', properties: { predictions } },
        },
      ],
    },
    ...(choices.shadow ? { shadow: { mirrorPercent: 50, dwellBuckets } } : {}),
    steps: [{ weight: 50, dwellBuckets }],
    metrics: {
      bucketSeconds: BUCKET_SECONDS,
      settleBuckets: 1,
      latestBuckets: 10,
      noDataBuckets: 20,
      warmUpBuckets: 0,
      soakBuckets: 1,
      beta: 0.5,
      betaStep: 0.5,
      designEffect: { errors: 1, latency: 1 },
      errors: { marginPercentagePoints: 50, promoteMarginPercentagePoints: 50 },
      latency: { marginPercent: 1000, promoteMarginPercent: 1000, promoteQuantiles: [50] },
      ...(choices.judgedAnswers === 'predictions' ? { predictions: { column: 'y', settleBuckets: 3 } } : {}),
      ...(choices.judgedAnswers === 'outcomes' ? { outcomes: outcomesOf(lane) } : {}),
    },
    ...(choices.approvalBefore ? { approval: { before: choices.approvalBefore, timeout: '90s' } } : {}),
    bake: { dwellBuckets },
    ...(choices.retrainPauseSeconds === undefined ? {} : { retrain: retrainOf(lane) }),
    whenBusy,
    timing: { poll: '1s', trafficTimeout: '30s', rolloutTimeout: '5m' },
  };
}

function outcomesOf(lane: string): object {
  return {
    folder: `azureml://datastores/workspaceblobstore/paths/${outcomesFolderOf(lane)}/`,
    key: 'id',
    measure: { kind: 'within', outcome: 'label', prediction: 'y', tolerance: 1 },
    maturityBuckets: 4,
    margin: 0.05,
    promoteMargin: 0.2,
  };
}

/** In the workspace's blob store. */
export function outcomesFolderOf(lane: string): string {
  return `landed/${lane}`;
}

function retrainOf(lane: string): object {
  return {
    triggers: {
      drift: { monitor: `${lane}-monitor`, confirm: 'off' },
      newData: { container: 'landing', prefix: `${lane}/` },
    },
    coolDown: '1d',
    data: { source: `azureml:${rowsOf(lane)}@latest`, label: 'label', minRows: 200, columns: { x: 'number' } },
    job: jobFileOf(lane),
    poll: '1s',
    gate: { lossMargin: 0, minRows: 200 },
  };
}

export function rowsOf(lane: string): string {
  return `${lane}-rows`;
}

export function jobFileOf(lane: string): string {
  return `${lane}-job.yml`;
}
