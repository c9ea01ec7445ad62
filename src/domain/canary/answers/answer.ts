/** One collected answer of one deployment. */
export interface Answer {
  readonly atMs: number;
  /** What its outcome is found by; null where the row lacks it. */
  readonly key: string | null;
  readonly prediction: unknown;
}

/** Answers of both arms. */
export interface AnswersOfArms {
  readonly green: readonly Answer[];
  readonly blue: readonly Answer[];
}
