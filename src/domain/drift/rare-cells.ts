/**
 * Which cells are judged by themselves: those with enough rows for the law of the index, and rare ones that surely have moved.
 * The other rare ones are joined by what both sides have together, which says nothing about drift.
 */
import { incompleteBeta } from '../statistics/incomplete-beta.ts';

/** Rows that the smaller side should have in a cell for the law of the index to hold. */
const LEAST_EXPECTED = 5;
/** Fewer do for the rest: something new and rare should not drown in another cell. */
const LEAST_EXPECTED_REST = 2;
/** Chance that without drift any rare cell stands alone: that many false alarms may come on top of the level. */
const LEVEL_ALONE = 0.001;

export interface Cell {
  reference: number;
  current: number;
}

/** Cells too rare to judge are joined with each other, and with the smallest other one if they stay too rare; an empty cell is none. */
export function mergeRare(cells: readonly Cell[]): readonly Cell[] {
  const filled = cells.filter((cell) => cell.reference + cell.current > 0);
  const [ofReference, ofCurrent] = [sum(filled, 'reference'), sum(filled, 'current')];
  const shareOfCurrent = ofCurrent / (ofReference + ofCurrent);
  const pooled = Math.min(shareOfCurrent, 1 - shareOfCurrent);
  const expected = (cell: Cell) => (cell.reference + cell.current) * pooled;
  const few = filled.filter((cell) => expected(cell) < LEAST_EXPECTED);
  const alone = new Set(few.filter((cell) => chanceOf(cell, shareOfCurrent) * few.length <= LEVEL_ALONE));
  const rare = few.filter((cell) => !alone.has(cell));
  const common = filled.filter((cell) => expected(cell) >= LEAST_EXPECTED || alone.has(cell));
  if (rare.length === 0) return common;
  const rest: Cell = { reference: sum(rare, 'reference'), current: sum(rare, 'current') };
  const host = common.filter((cell) => !alone.has(cell)).toSorted((a, b) => expected(a) - expected(b))[0];
  if (expected(rest) >= LEAST_EXPECTED_REST || !host) return [...common, rest];
  const joined = { reference: host.reference + rest.reference, current: host.current + rest.current };
  return common.map((cell) => (cell === host ? joined : cell));
}

/** Two-sided binomial p-value: chance that the rows of a cell fall so unevenly when each is as likely of either sample as all are. */
function chanceOf({ reference, current }: Cell, shareOfCurrent: number): number {
  const atLeast = (rows: number, others: number, share: number) =>
    rows === 0 ? 1 : incompleteBeta(share, rows, others + 1);
  const tail = Math.min(atLeast(current, reference, shareOfCurrent), atLeast(reference, current, 1 - shareOfCurrent));
  return Math.min(1, 2 * tail);
}

function sum(cells: readonly Cell[], side: 'reference' | 'current'): number {
  return cells.reduce((total, cell) => total + cell[side], 0);
}
