/** One stretch of constant traffic under judgement, as the rollout describes it to its judge. */
export interface JudgedStretch {
  readonly phase: 'shadowing' | 'watching' | 'baking';
  /** Start of the stretch, epoch milliseconds; it identifies the stretch. */
  readonly sinceMs: number;
  /** Buckets that must have been judged before the stretch can end well. */
  readonly dwellBuckets: number;
  /** True where a passed stretch means promotion rather than the next step. */
  readonly lastStep: boolean;
  /** False where blue gets no requests by intention: green is then compared with blue as it was. */
  readonly blueServed: boolean;
}
