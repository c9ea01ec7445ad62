/**
 * The stability index with a p-value: without drift, the index over K cells divided by (1/n + 1/m) follows the chi-squared
 * distribution with K - 1 degrees of freedom (B. Yurdakul, J. Naranjo: "Statistical properties of the population stability
 * index", Journal of Risk Model Validation 14, 2020).
 */
import { chiSquaredTail } from '../statistics/chi-squared.ts';
import { stabilityIndex } from './divergence.ts';
import type { CellCounts } from './drift-cells.ts';

const SMOOTHING = 0.5;

export interface CalibratedIndex {
  readonly index: number;
  /** Chance of an index this large when nothing drifted. */
  readonly pValue: number;
  readonly cells: number;
}

/** Both sides need a row. One cell cannot tell anything: its p-value is 1. */
export function calibratedIndex({ reference, current }: CellCounts): CalibratedIndex {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const index = stabilityIndex(reference, current, SMOOTHING);
  const scale = 1 / total(reference) + 1 / total(current);
  const pValue = reference.length < 2 ? 1 : chiSquaredTail(index / scale, reference.length - 1);
  return { index, pValue, cells: reference.length };
}
