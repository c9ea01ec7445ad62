/** More errors and slower at once: pairs of the alternatives of both metrics that are slow to show alone. */
import { EXTRA_ERRORS } from './error-alternatives.ts';
import { SLOW_DOWNS } from './latency/latency-alternatives.ts';

export interface Together {
  /** Index in EXTRA_ERRORS. */
  readonly errors: number;
  /** Index in SLOW_DOWNS. */
  readonly latency: number;
  readonly weight: number;
}

export const TOGETHER: readonly Together[] = [
  { errors: withExtra(0.02), latency: slowed(1, 1.2), weight: 2 / 3 },
  { errors: withExtra(0.02), latency: slowed(0.1, 6), weight: 1 / 3 },
];

function withExtra(extra: number): number {
  return known(EXTRA_ERRORS.findIndex((one) => one.extra === extra));
}

function slowed(share: number, times: number): number {
  return known(SLOW_DOWNS.findIndex((one) => one.share === share && one.times === times));
}

function known(index: number): number {
  if (index < 0) throw new RangeError('A pair names an alternative that no metric has.');
  return index;
}
