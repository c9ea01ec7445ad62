/** Everything that one retraining knows; the input of its orchestration. */
import type { DeploymentName, EndpointName, ModelName, ModelVersion } from '../ids/names.ts';
import type { RetrainingPolicy } from '../policy/retraining-policy.ts';

export type RetrainingPhase =
  | 'requested'
  | 'waiting'
  | 'confirming'
  | 'validating'
  | 'submitting'
  | 'training'
  | 'canceling'
  | 'gating'
  | 'registering'
  | RetrainingEnd;

export const RETRAINING_ENDS = [
  'registered',
  'not-confirmed',
  'cooling-down',
  'data-refused',
  'job-failed',
  'metrics-unreadable',
  'gate-failed',
  'aborted',
  'ignored',
] as const;
export type RetrainingEnd = (typeof RETRAINING_ENDS)[number];

export interface RetrainingTrigger {
  readonly kind: 'drift' | 'new-data' | 'latency-alert' | 'schedule' | 'http';
  /** Names the occasion: the same one never starts a second retraining. */
  readonly reference: string;
  /** For people. */
  readonly sentence: string;
}

export interface Champion {
  readonly deployment: DeploymentName;
  readonly version: ModelVersion;
  /** Data asset that it was trained on, `azureml:<name>:<version>`, where a retraining registered it. */
  readonly trainedOn: string | null;
}

export interface CheckedData {
  readonly reference: string;
  readonly uri: string;
  readonly rows: number;
  /** When it was looked at: what came before is part of it. */
  readonly asOfIso?: string;
}

/** A decision to end the job before it has ended by itself. */
export interface Cancellation {
  readonly end: 'job-failed' | 'aborted';
  readonly reason: string;
  readonly actor: string;
  readonly decidedAtIso: string;
}

export interface RetrainingState {
  /** Version of the orchestrator code that wrote this state. */
  readonly schema: 1;
  readonly retrainingId: string;
  readonly endpoint: EndpointName;
  readonly model: ModelName;
  readonly policy: RetrainingPolicy;
  readonly trigger: RetrainingTrigger;
  /** A person asked, and does not want to wait. */
  readonly ignoreCoolDown: boolean;
  readonly requestedAtIso: string;
  readonly phase: RetrainingPhase;
  readonly note: string;
  /** Since the last continue-as-new. */
  readonly ticks: number;
  /** Ticks in a row whose activities failed for good. */
  readonly failedTicks: number;
  readonly auditSequence: number;
  readonly champion: Champion | null;
  readonly data: CheckedData | null;
  readonly jobName: string;
  readonly submittedAtIso: string | null;
  readonly modelUri: string | null;
  readonly codeCommit: string | null;
  readonly version: ModelVersion | null;
  readonly evidence: string | null;
  readonly cancellation: Cancellation | null;
  /** Since when the phase cannot go on because a service is away. */
  readonly failingSinceIso: string | null;
  /** Its job has been paid for by another retraining, which could not read its metrics. */
  readonly judgesAgain: boolean;
  /** Of one that waited: the data that the last judged job trained on. */
  readonly judgedData: string | null;
}

export interface RetrainingRequest {
  readonly retrainingId: string;
  readonly endpoint: EndpointName;
  readonly model: ModelName;
  readonly policy: RetrainingPolicy;
  readonly trigger: RetrainingTrigger;
  readonly ignoreCoolDown: boolean;
  readonly jobName: string;
}

export function newRetrainingState(request: RetrainingRequest, nowIso: string): RetrainingState {
  return {
    schema: 1,
    ...request,
    requestedAtIso: nowIso,
    phase: 'requested',
    note: request.trigger.sentence,
    ticks: 0,
    failedTicks: 0,
    auditSequence: 1,
    champion: null,
    data: null,
    submittedAtIso: null,
    modelUri: null,
    codeCommit: null,
    version: null,
    evidence: null,
    cancellation: null,
    failingSinceIso: null,
    judgesAgain: false,
    judgedData: null,
  };
}

export function hasEnded(phase: RetrainingPhase): phase is RetrainingEnd {
  return (RETRAINING_ENDS as readonly string[]).includes(phase);
}

/** What it trained on, once its job was judged: the same version need not be trained on again. */
export function judgedDataOf({ phase, data }: RetrainingState): string | null {
  return phase === 'registered' || phase === 'gate-failed' ? (data?.reference ?? null) : null;
}

const MAX_NOTE = 500;

/** What operators see of a running retraining; well below the 4 kB of a custom status. */
export function retrainingStatus(state: RetrainingState): object {
  const { endpoint, model, trigger, phase, note, requestedAtIso, champion, data, jobName, version } = state;
  return {
    endpoint,
    model,
    trigger: { kind: trigger.kind, reference: trigger.reference.slice(0, 200) },
    phase,
    note: note.slice(0, MAX_NOTE),
    requestedAtIso,
    champion: champion?.version ?? null,
    data: data?.reference.slice(0, 300) ?? null,
    jobName: state.submittedAtIso === null ? null : jobName,
    version,
  };
}
