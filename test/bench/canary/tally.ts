/** What one rule did in many rollouts of one scenario; tallies of several workers add up. */

export interface Tally {
  readonly rollouts: number;
  readonly rolledBack: number;
  /** Rolled back before the regression began. */
  readonly tooEarly: number;
  readonly promoted: number;
  /** Green requests from the onset to rollback, one per detection. */
  readonly requestsToRollback: readonly number[];
  readonly requestsToPromotion: readonly number[];
}

export const EMPTY_TALLY: Tally = {
  rollouts: 0,
  rolledBack: 0,
  tooEarly: 0,
  promoted: 0,
  requestsToRollback: [],
  requestsToPromotion: [],
};

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    rollouts: a.rollouts + b.rollouts,
    rolledBack: a.rolledBack + b.rolledBack,
    tooEarly: a.tooEarly + b.tooEarly,
    promoted: a.promoted + b.promoted,
    requestsToRollback: [...a.requestsToRollback, ...b.requestsToRollback],
    requestsToPromotion: [...a.requestsToPromotion, ...b.requestsToPromotion],
  };
}

/** Share and its standard error, both in percent; the error is that of a share of at least one half rollout. */
export function percentWithError(count: number, of: number): { percent: number; error: number } {
  const share = count / of;
  const forError = Math.min(1 - 0.5 / of, Math.max(0.5 / of, share));
  return { percent: 100 * share, error: 100 * Math.sqrt((forError * (1 - forError)) / of) };
}

/** Median over all rollouts, those without the event counting as endless; null where half or more lack it. */
export function medianOfAll(values: readonly number[], of: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(of / 2) - 1] ?? null;
}
