/** Losses for tests, the same for the same seed. */
import { collectLosses, type LossSample, type LossSamples } from '../../../../src/domain/gate/loss-sample.ts';
import { seededRandom } from '../../../crash/seeded-random.ts';

export interface LossLine {
  readonly champion: number;
  readonly challenger: number;
  readonly slices: readonly string[];
}

export function samplesOf(lines: readonly LossLine[], slices: readonly string[] = []): LossSamples {
  const collector = collectLosses(slices);
  for (const line of lines) {
    const problem = collector.add({ ...line });
    if (problem !== null) throw new Error(problem);
  }
  return collector.samples();
}

/** Challenger minus champion, row by row. */
export function sampleOf(differences: readonly number[]): LossSample {
  return samplesOf(differences.map((challenger) => ({ champion: 0, challenger, slices: [] }))).overall;
}

/** Standard normal numbers (Box and Muller). */
export function normals(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
