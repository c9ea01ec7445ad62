/** The samples of the drift laboratory: two shapes, without drift and with a moderate one, at several sizes. */
import { createRandom, type Random } from '../canary/generator/random.ts';

export type Shape = 'normal' | 'heavy-tailed';

export interface Scenario {
  readonly shape: Shape;
  readonly referenceRows: number;
  readonly currentRows: number;
}

const SIZES = [
  [200, 200],
  [1000, 1000],
  [9000, 200],
  [9000, 1000],
  [9000, 9000],
] as const;

export const SCENARIOS: readonly Scenario[] = (['normal', 'heavy-tailed'] as const).flatMap((shape) =>
  SIZES.map(([referenceRows, currentRows]) => ({ shape, referenceRows, currentRows })),
);

/** A quarter of a standard deviation. */
const SHIFT = 0.25;
const STRETCH = 1.3;
const PARETO_SHARE = 0.015;

export interface Samples {
  readonly reference: Float64Array;
  readonly current: Float64Array;
  /** Drawn like `current`, then moved. */
  readonly moved: Float64Array;
}

/** The same for the same seed and scenario. */
export function drawSamples({ shape, referenceRows, currentRows }: Scenario, seed: number): Samples {
  const random = createRandom(seed, referenceRows * 31 + currentRows + (shape === 'normal' ? 0 : 7));
  const draw = (rows: number) => Float64Array.from({ length: rows }, () => value(shape, random));
  const reference = draw(referenceRows);
  const current = draw(currentRows);
  const moved = draw(currentRows).map((x) => (shape === 'normal' ? x + SHIFT : x * STRETCH));
  return { reference, current, moved };
}

/** Heavy tails: 98.5 % lognormal (median 80, sigma 0.5), the rest Pareto from 250 on with index 2.2. */
function value(shape: Shape, random: Random): number {
  if (shape === 'normal') return random.normal();
  if (random.uniform() < PARETO_SHARE) return Math.min(30_000, 250 * random.uniform() ** (-1 / 2.2));
  return 80 * Math.exp(0.5 * random.normal());
}
