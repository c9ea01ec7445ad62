/** Inputs and outputs of the activities of a retraining; the rules of `activities.ts` hold. */
import type { RetrainingRecord } from '../domain/audit/retraining-record.ts';
import type { GatePolicy } from '../domain/gate/judge-challenger.ts';
import type { EndpointName, ModelName, ModelVersion } from '../domain/ids/names.ts';
import type { DriftPolicy, JobTemplate, TrainingDataPolicy } from '../domain/policy/retraining-policy.ts';
import type { Champion, RetrainingTrigger } from '../domain/retraining/state.ts';

interface OfModel {
  readonly model: ModelName;
}

export interface RetrainingActivityContracts {
  /** The version of the model that gets the most live traffic. */
  readChampion: {
    input: OfModel & { readonly endpoint: EndpointName };
    output:
      | { readonly kind: 'found'; readonly champion: Champion }
      | { readonly kind: 'none'; readonly reason: string };
  };
  /** Compares what was collected with the reference. Repeating it with the same time reads the same window. */
  confirmDrift: {
    input: {
      readonly retrainingId: string;
      readonly endpoint: EndpointName;
      readonly champion: Champion;
      readonly policy: DriftPolicy;
      readonly nowMs: number;
    };
    output: {
      readonly verdict: 'drifted' | 'stable' | 'no-data';
      readonly sentence: string;
      /** The features that moved, at most five. */
      readonly features: readonly string[];
      readonly evidence: string | null;
    };
  };
  inspectData: {
    input: { readonly policy: TrainingDataPolicy };
    output:
      | { readonly kind: 'fit'; readonly reference: string; readonly uri: string; readonly rows: number }
      | { readonly kind: 'unfit'; readonly problems: readonly string[] };
  };
  /** Submitting the same name again starts and costs nothing. */
  submitJob: {
    input: OfModel & {
      readonly jobName: string;
      readonly retrainingId: string;
      readonly template: JobTemplate;
      readonly dataUri: string;
      readonly dataReference: string;
      readonly champion: Champion;
      readonly trigger: RetrainingTrigger;
    };
    output:
      | { readonly kind: 'submitted' }
      | { readonly kind: 'busy'; readonly reason: string }
      | { readonly kind: 'refused'; readonly reason: string };
  };
  readJob: {
    input: { readonly jobName: string };
    output: {
      readonly state: 'absent' | 'running' | 'completed' | 'failed' | 'canceled';
      readonly status: string;
      readonly reason: string | null;
      /** Address of the output `model`, or of the folder `model` of the default artifacts. */
      readonly modelUri: string;
    };
  };
  cancelJob: {
    input: { readonly jobName: string };
    output: { readonly kind: 'accepted' } | { readonly kind: 'busy' | 'refused'; readonly reason: string };
  };
  /** Reads what the job measured and decides. Throws while the tracking server is away. */
  judgeChallenger: {
    input: { readonly retrainingId: string; readonly jobName: string; readonly policy: GatePolicy };
    output: {
      readonly verdict: 'pass' | 'fail' | 'not-enough-data' | 'unreadable';
      readonly sentence: string;
      readonly codeCommit: string | null;
      readonly evidence: string | null;
    };
  };
  /** Repeating it finds the version that the same job registered before. */
  registerVersion: {
    input: OfModel & {
      readonly jobName: string;
      readonly modelUri: string;
      readonly description: string;
      readonly tags: Readonly<Record<string, string>>;
    };
    output:
      | { readonly kind: 'registered'; readonly version: ModelVersion }
      | { readonly kind: 'refused'; readonly reason: string };
  };
  recordRetraining: { input: { readonly record: RetrainingRecord }; output: { readonly recorded: true } };
}
