/** More errors and slower at once: pairs of the alternatives of both metrics that are slow to show alone. */
import { EXTRA_ERRORS } from './error-alternatives.ts';
import { SLOW_DOWNS } from './latency-alternatives.ts';

export interface Together {
  /** Index in EXTRA_ERRORS. */
  readonly errors: number;
  /** Index in SLOW_DOWNS. */
  readonly latency: number;
  readonly weight: number;
}

const EXTRAS = [0.005, 0.01, 0.05];
const SLOWNESS = [1.2, 1.3, 4];

export const TOGETHER: readonly Together[] = pairs();

function pairs(): Together[] {
  const all = EXTRA_ERRORS.flatMap(({ extra, weight }, errors) =>
    SLOW_DOWNS.flatMap((slow, latency) =>
      EXTRAS.includes(extra) && SLOWNESS.includes(slow.times)
        ? [{ errors, latency, weight: weight * slow.weight }]
        : [],
    ),
  );
  const sum = all.reduce((total, { weight }) => total + weight, 0);
  return all.map((pair) => ({ ...pair, weight: pair.weight / sum }));
}
