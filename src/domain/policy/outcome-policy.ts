/** What a team wants judged beside errors and latency: what green answers, and what became of its answers. */

/** Whether green's predictions are distributed as blue's; a shift calls a person, it never rolls back. */
export interface PredictionPolicy {
  /** Collection of Azure ML's data collector that holds the predictions. */
  readonly collection: string;
  readonly column: string;
  /** Difference in the share of predictions at most as large as a decile of blue's that is tolerated. */
  readonly margin: number;
  /** How long after its end a bucket's collected rows are read, in buckets. */
  readonly settleBuckets: number;
}

/**
 * How good one answer was, from its row of outcomes; more is better.
 * Of `hit` and `value` only answers to live requests count, and an answer without an outcome had none. The others compare
 * with a label that has nothing to do with who was answered: copies of requests count too, answers without a label do not.
 */
export type OutcomeMeasure =
  /** The outcome is true or 1: a conversion, a useful answer. */
  | { readonly kind: 'hit'; readonly outcome: string }
  /** The outcome itself, cut to `range`. */
  | { readonly kind: 'value'; readonly outcome: string; readonly range: readonly [number, number] }
  /** The prediction is the label. */
  | { readonly kind: 'equal'; readonly outcome: string; readonly prediction: string }
  /** The prediction lies at most `tolerance` from the label. */
  | { readonly kind: 'within'; readonly outcome: string; readonly prediction: string; readonly tolerance: number }
  /** Minus the distance from the label, which is cut to `most`. */
  | { readonly kind: 'distance'; readonly outcome: string; readonly prediction: string; readonly most: number };

/** The outcomes of a rollout: what became of the answers, once that is known. */
export interface OutcomePolicy {
  /** Folder of JSON lines or CSV, `<folder>/yyyy/MM/dd/HH/` by the hour of arrival. */
  readonly folder: string;
  /** Collection of the data collector that says which deployment gave which answer. */
  readonly collection: string;
  /** Column that an answer and its outcome share; `correlationid` is the collector's own. */
  readonly key: string;
  readonly measure: OutcomeMeasure;
  /** How long after its end a bucket's outcomes are complete, in buckets; the same for both deployments. */
  readonly maturityBuckets: number;
  /** Loss of green against blue that is tolerated: a share, or in units of the value. */
  readonly margin: number;
  /** Loss that must be ruled out before green gets more traffic. */
  readonly promoteMargin: number;
  /** False: as long as no outcome is known, green is promoted without. */
  readonly requiredForPromotion: boolean;
}
