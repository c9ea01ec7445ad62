/** Words of the judge: a verdict per metric, one decision per look, each with a sentence. */

export type NoDataCause = 'no-rows-yet' | 'no-green-requests' | 'no-blue-requests' | 'telemetry-lost';

export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'no-data';

export interface MetricVerdict {
  readonly metric: 'errors' | 'latency';
  readonly verdict: Verdict;
  readonly cause: NoDataCause | null;
  readonly sentence: string;
  /** The numbers behind the sentence, few and finite. */
  readonly numbers: Readonly<Record<string, number>>;
}

export type DecisionKind = 'rollback' | 'promote' | 'next-step' | 'continue' | 'hold';

export interface Decision {
  readonly kind: DecisionKind;
  readonly sentence: string;
  readonly verdicts: readonly MetricVerdict[];
}
