/** Audit records of a retraining: one per phase change, complete enough to explain its end years later. */
import type { RetrainingPhase } from '../retraining/state.ts';

/** Key: retrainingId and sequence; writing it twice leaves one record. */
export interface RetrainingRecord {
  readonly retrainingId: string;
  readonly sequence: number;
  readonly atIso: string;
  readonly endpoint: string;
  readonly model: string;
  readonly trigger: string;
  readonly triggerReference: string;
  readonly from: RetrainingPhase;
  readonly phase: RetrainingPhase;
  /** Full sentence: what happened, why, what follows. */
  readonly reason: string;
  /** Who or what caused it: an operator, or `policy`. */
  readonly actor: string;
  /** Version that serves. */
  readonly champion: string | null;
  readonly data: string | null;
  /** Name of the job, once it was submitted. */
  readonly job: string | null;
  /** The registered version. */
  readonly version: string | null;
  readonly evidence: string | null;
}
