/** Words of the judge: a verdict per metric, one decision per look, each with a sentence and its numbers. */
import type { DesignEffects } from './reading/baseline-history.ts';

export type NoDataCause = 'no-rows-yet' | 'no-green-requests' | 'no-blue-requests' | 'telemetry-lost';

export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'no-data';

export interface MetricVerdict {
  /** Name of a metric in all-metrics.ts. */
  readonly metric: string;
  readonly verdict: Verdict;
  readonly cause: NoDataCause | null;
  readonly sentence: string;
  /** The numbers behind the sentence, few and finite. */
  readonly numbers: Readonly<Record<string, number>>;
}

export type DecisionKind = 'rollback' | 'promote' | 'next-step' | 'continue' | 'hold';

/** What a decision rests on: of the whole rollout, not of its present step alone. */
export interface DecisionBasis {
  /** ln E against green; rollback from ln(1/alpha). */
  readonly logEvidence: number;
  /** ln P for green; the next step from ln(1/betaStep), the promotion from ln(1/beta). */
  readonly logAssurance: number;
  /** The regression that explains the data best. */
  readonly leadingAlternative: string;
  /** Requests of green until rollback if the leading alternative is true; null where it does not grow. */
  readonly remainingRequests: number | null;
  /** What the evidence is divided by, and whether that was measured or is the policy's floor. */
  readonly designEffects: DesignEffects;
  readonly bucketsUsed: number;
  /** Buckets of the warm-up. */
  readonly bucketsExcluded: number;
  /** The guard without statistics that spoke, or null. */
  readonly guard: string | null;
}

export interface Decision {
  readonly kind: DecisionKind;
  readonly sentence: string;
  readonly verdicts: readonly MetricVerdict[];
  /** Null before the first complete bucket. */
  readonly basis: DecisionBasis | null;
}
