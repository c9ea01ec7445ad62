/** What a team tolerates of green on its outcomes, of which more is better. */

export interface OutcomeOptions {
  /** `rate`: every value is 0 or 1, so that the sum counts hits; `mean`: any bounded value. */
  readonly kind: 'rate' | 'mean';
  /** Tolerated loss of green against blue, in units of the metric. */
  readonly margin: number;
  /** Loss that must be ruled out before promotion, greater than 0, in units of the metric. */
  readonly promoteMargin: number;
  /** False: as long as outcomes have said nothing, they do not hold up a promotion. */
  readonly requiredForPromotion: boolean;
}
