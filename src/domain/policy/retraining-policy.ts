/** The retraining part of a policy: what starts a retraining, what is checked before money is spent, and what must be better. */
import type { GatePolicy } from '../gate/judge-challenger.ts';

export interface RetrainingPolicy {
  readonly triggers: RetrainingTriggers;
  /** After a job was started, no event starts another one for this long. */
  readonly coolDownSeconds: number;
  readonly data: TrainingDataPolicy;
  /** Null: drift is never confirmed, because there is nothing to confirm it against. */
  readonly drift: DriftPolicy | null;
  readonly job: JobTemplate;
  readonly jobTimeoutSeconds: number;
  /** How long the metrics of a completed job may be unreadable, because the tracking server is away; absent: six hours. */
  readonly metricsTimeoutSeconds: number;
  /** Pause between two looks at the job; its events only make it shorter. */
  readonly pollSeconds: number;
  readonly gate: GatePolicy;
  readonly register: { readonly tags: Readonly<Record<string, string>> };
}

export interface RetrainingTriggers {
  readonly drift: DriftTrigger | null;
  readonly newData: NewDataTrigger | null;
  /** What a confirmed latency alert leads to while no rollout runs; `scale-out` adds an instance up to the deployment's maxInstanceCount. */
  readonly latencyAlert: 'retrain' | 'scale-out' | 'notify';
  /** NCRONTAB with six fields, in UTC. */
  readonly schedule: string | null;
}

/** Either or both. */
export interface NewDataTrigger {
  /** Blobs of this container whose names begin with `prefix`; null: blobs are not looked at. */
  readonly container: string | null;
  readonly prefix: string;
  /** Name of a data asset whose new versions count; null: none does. */
  readonly dataAsset: string | null;
}

export interface DriftTrigger {
  /** Name of the model monitor; its signals are named `<monitor>_<signal>`. */
  readonly monitor: string;
  /** `required`: not confirmed is not retrained; `advisory`: recorded and retrained all the same; `off`: not looked at. */
  readonly confirm: 'required' | 'advisory' | 'off';
}

export type DataColumnType = 'string' | 'number' | 'integer' | 'boolean' | 'datetime';

export interface TrainingDataPolicy {
  /** `azureml:<name>:<version>`, `azureml:<name>@latest` or `azureml://datastores/<name>/paths/<path>`. */
  readonly source: string;
  /** Must be there and have a value in every row. */
  readonly label: string;
  readonly minRows: number;
  /** Largest share of missing values in a column, 0-1; the label may have none. */
  readonly maxNullRate: number;
  readonly columns: Readonly<Record<string, DataColumnType>>;
}

export interface DriftPolicy {
  /** For a champion that no retraining registered; others are compared with what they were trained on. */
  readonly reference: string;
  /** How far back collected rows are compared. */
  readonly windowSeconds: number;
  readonly features: Readonly<Record<string, 'numerical' | 'categorical'>>;
}

/**
 * A job of Azure ML in the members of its REST API. Texts may hold `${{slipway.data}}`, `${{slipway.champion}}`,
 * `${{slipway.version}}`, `${{slipway.trigger}}` and `${{slipway.job}}`.
 */
export interface JobTemplate {
  readonly properties: Readonly<Record<string, unknown>>;
}
