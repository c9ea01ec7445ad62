/** What the drift laboratory repeats: a trial gives figures by name, and the figures of all trials are joined in any order. */

export type Figures = Readonly<Record<string, number>>;

export interface Experiment {
  readonly name: string;
  /** Repetitions, as a multiple of those asked for. */
  readonly effort: number;
  readonly joinedBy: 'sum' | 'largest';
  /** The same for the same seed. */
  trial(seed: number): Figures;
}

export interface Result {
  readonly repetitions: number;
  readonly figures: Figures;
}

export const NO_RESULT: Result = { repetitions: 0, figures: {} };

export function joinResults(a: Result, b: Result, joinedBy: Experiment['joinedBy']): Result {
  const figures: Record<string, number> = { ...a.figures };
  for (const [name, value] of Object.entries(b.figures)) {
    const before = figures[name] ?? 0;
    figures[name] = joinedBy === 'sum' ? before + value : Math.max(before, value);
  }
  return { repetitions: a.repetitions + b.repetitions, figures };
}

/** Trials of the seeds from `fromSeed` on. */
export function repeat({ trial, joinedBy }: Experiment, fromSeed: number, repetitions: number): Result {
  let result = NO_RESULT;
  for (let seed = fromSeed; seed < fromSeed + repetitions; seed += 1) {
    result = joinResults(result, { repetitions: 1, figures: trial(seed) }, joinedBy);
  }
  return result;
}
