/** Audit records: one per phase change or refused request, complete enough to explain an outcome years later. */
import type { DecisionKind } from '../judge/decision.ts';
import type { Phase } from '../rollout/phase.ts';
import type { TrafficSplit } from '../rollout/traffic-split.ts';

/** What happened in a rollout. Key: rolloutId and sequence; writing it twice leaves one record. */
export interface RolloutRecord {
  readonly rolloutId: string;
  readonly sequence: number;
  readonly atIso: string;
  readonly kind:
    | 'phase-changed'
    | 'command-applied'
    | 'command-refused'
    | 'approval-requested'
    | 'foreign-change'
    | 'operator-needed'
    | 'lane-recovered';
  readonly endpoint: string;
  readonly model: string;
  readonly version: string;
  readonly attempt: number;
  readonly green: string;
  readonly from: Phase | null;
  readonly phase: Phase;
  /** Full sentence: what happened, why, what follows. */
  readonly reason: string;
  /** Who or what caused it: an operator, `policy`, or the id of the event. */
  readonly actor: string;
  readonly split: TrafficSplit | null;
  readonly decision: DecisionKind | null;
  /** Name of the evidence blob behind the decision. */
  readonly evidence: string | null;
  /** Terminal code of a rollback, for machines. */
  readonly code: string | null;
  /** Metrics that speak against green, where the judge rolled back. */
  readonly failedMetrics: readonly string[];
}

/** What became of one incoming event. Key: the event's id. */
export interface EventRecord {
  readonly eventId: string;
  readonly atIso: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly outcome: 'started' | 'delivered' | 'duplicate' | 'ignored' | 'refused';
  /** Stable word for machines: `unknown-type`, `foreign-source`, `malformed`, `unknown-model`, `already-running`, ... */
  readonly code: string;
  readonly reason: string;
  readonly rolloutId: string | null;
}

/** What became of one event, command or alert, without the event itself. */
export type EventOutcome = Pick<EventRecord, 'outcome' | 'code' | 'reason' | 'rolloutId'>;
