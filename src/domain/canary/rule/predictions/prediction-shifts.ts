/** The shifts in the share of an event that the rule looks for beyond the margin, in both directions. */

export interface PredictionShift {
  readonly extra: number;
  readonly weight: number;
}

export const PREDICTION_SHIFTS: readonly PredictionShift[] = [
  { extra: 0.01, weight: 0.3 },
  { extra: 0.03, weight: 0.4 },
  { extra: 0.1, weight: 0.2 },
  { extra: 0.3, weight: 0.1 },
];

/** Whether green has more or fewer of an event than blue. */
export const DIRECTIONS = ['more', 'fewer'] as const;
