/** Seeded columns of the drift laboratory, one value at a time: shapes, and what happens to them when something drifts. */
import type { Random } from '../canary/generator/random.ts';

export type Draw = (random: Random) => unknown;
export type NumberDraw = (random: Random) => number;

const PARETO_SHARE = 0.015;
const PARETO_FROM = 250;
const PARETO_INDEX = 2.2;
const LARGEST = 30_000;

export const normal: NumberDraw = (random) => random.normal();

/** 98.5 % lognormal (median 80, sigma 0.5), the rest Pareto from 250 on with index 2.2 and `tail` times as large. */
export function heavyTailed(tail = 1): NumberDraw {
  return (random) => {
    if (random.uniform() >= PARETO_SHARE) return 80 * Math.exp(0.5 * random.normal());
    return tail * Math.min(LARGEST, PARETO_FROM * random.uniform() ** (-1 / PARETO_INDEX));
  };
}

/** 0-23, each as often. */
export const hours: NumberDraw = (random) => Math.floor(24 * random.uniform());

/** Normal, with one decimal. */
export const oneDecimal: NumberDraw = (random) => Math.round(10 * random.normal()) / 10;

export function changed(draw: NumberDraw, change: (value: number) => number): NumberDraw {
  return (random) => change(draw(random));
}

/** Categories c0, c1, ... with these weights. */
function weighted(weights: readonly number[]): Draw {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let reached = 0;
  const ends = weights.map((weight) => {
    reached += weight;
    return reached / total;
  });
  return (random) => {
    const at = random.uniform();
    const found = ends.findIndex((end) => at <= end);
    return `c${found < 0 ? weights.length - 1 : found}`;
  };
}

/** The k-th category with a weight of 1 / k. */
export function zipf(categories: number): Draw {
  return weighted(Array.from({ length: categories }, (_, index) => 1 / (index + 1)));
}

export function equallyOften(categories: number): Draw {
  return weighted(Array.from({ length: categories }, () => 1));
}

/** A share of the rows has `value` instead. */
export function replaced(share: number, value: unknown, draw: Draw): Draw {
  return (random) => (random.uniform() < share ? value : draw(random));
}
