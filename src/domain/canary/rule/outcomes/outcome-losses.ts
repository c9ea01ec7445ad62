/** The losses of the outcomes that the rule looks for beyond the margin, in units of the metric's own spread. */

export interface OutcomeLoss {
  /** Loss beyond the margin in standard deviations of one of blue's values. */
  readonly deviations: number;
  readonly weight: number;
}

/** A grid of doublings: the best of them grows at least 8/9 as fast as the true loss would. */
export const OUTCOME_LOSSES: readonly OutcomeLoss[] = [
  { deviations: 0.02, weight: 0.15 },
  { deviations: 0.04, weight: 0.25 },
  { deviations: 0.08, weight: 0.25 },
  { deviations: 0.16, weight: 0.15 },
  { deviations: 0.32, weight: 0.1 },
  { deviations: 0.64, weight: 0.1 },
];
