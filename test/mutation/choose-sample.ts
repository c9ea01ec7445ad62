/** A seeded choice without repetition: the same seed and list give the same sample, in the list's order. */
import { seededRandom } from '../crash/seeded-random.ts';

export function chooseSample<T>(all: readonly T[], size: number, seed: number): T[] {
  const random = seededRandom(seed);
  return all
    .map((item, index) => ({ item, index, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, size)
    .sort((a, b) => a.index - b.index)
    .map(({ item }) => item);
}
