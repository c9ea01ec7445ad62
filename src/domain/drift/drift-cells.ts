/**
 * The cells in which the calibrated decision counts rows. They come from the reference alone: its deciles (ties merged),
 * or its categories; what is missing or no number, and categories that the reference never had, have cells of their own.
 */
import type { CategoricalSummary } from './categorical-summary.ts';
import { type NumericSummary, type WeightedValue, weightedValues } from './numeric-summary.ts';

const DECILES = 10;
/** Rows that the smaller side should have in a cell for the law of the index to hold. */
const LEAST_EXPECTED = 5;

export interface CellCounts {
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

interface Cell {
  reference: number;
  current: number;
  /** Kept however rare it is. */
  readonly isOwn?: boolean;
}

export function numericCells(reference: NumericSummary, current: NumericSummary): CellCounts {
  const [before, now] = [weightedValues(reference), weightedValues(current)];
  const cellOf = cellFinder(before);
  const cells: Cell[] = [];
  const add = (values: readonly WeightedValue[], side: 'reference' | 'current') => {
    for (const { value, count } of values) {
      const at = cellOf(value);
      cells[at] ??= { reference: 0, current: 0 };
      cells[at][side] += count;
    }
  };
  add(before, 'reference');
  add(now, 'current');
  const missing = {
    reference: reference.missing + reference.invalid,
    current: current.missing + current.invalid,
  };
  return counted(mergeRare([...cells.filter(Boolean), missing]));
}

/** The deciles of the reference; where it has one value only, that value and everything else. */
function cellFinder(reference: readonly WeightedValue[]): (value: number) => number {
  const [first, last] = [reference[0]?.value, reference.at(-1)?.value];
  if (first === last) return (value) => (value === first ? 0 : 1);
  const edges = decileEdges(reference);
  return (value) => {
    let cell = 0;
    while (cell < edges.length && value > (edges[cell] ?? 0)) cell += 1;
    return cell;
  };
}

/** Upper ends of all cells but the last; equal deciles are one. */
function decileEdges(values: readonly WeightedValue[]): readonly number[] {
  const total = values.reduce((sum, { count }) => sum + count, 0);
  const last = values.at(-1)?.value;
  const edges: number[] = [];
  let [seen, decile] = [0, 1];
  for (const { value, count } of values) {
    seen += count;
    if (seen * DECILES < decile * total || value === last) continue;
    while (seen * DECILES >= decile * total) decile += 1;
    edges.push(value);
  }
  return edges;
}

export function categoricalCells(reference: CategoricalSummary, current: CategoricalSummary): CellCounts {
  const known = new Map(Object.entries(reference.counts ?? {}));
  const cells = new Map<string, Cell>(
    [...known].map(([category, count]) => [category, { reference: count, current: 0 }]),
  );
  const unseen: Cell = { reference: 0, current: 0, isOwn: true };
  for (const [category, count] of Object.entries(current.counts ?? {})) {
    (cells.get(category) ?? unseen).current += count;
  }
  const missing = { reference: reference.missing, current: current.missing };
  return counted(mergeRare([...cells.values(), unseen, missing]));
}

/** Cells too rare to judge are joined with each other; an empty cell is none. */
function mergeRare(cells: readonly Cell[]): readonly Cell[] {
  const filled = cells.filter((cell) => cell.reference + cell.current > 0);
  const [ofReference, ofCurrent] = [sum(filled, 'reference'), sum(filled, 'current')];
  const pooled = Math.min(ofReference, ofCurrent) / (ofReference + ofCurrent);
  const isRare = (cell: Cell) => !cell.isOwn && (cell.reference + cell.current) * pooled < LEAST_EXPECTED;
  const rare = filled.filter(isRare);
  const common = filled.filter((cell) => !isRare(cell));
  if (rare.length === 0) return common;
  const rest: Cell = { reference: sum(rare, 'reference'), current: sum(rare, 'current') };
  const host = common.filter((cell) => !cell.isOwn).sort((a, b) => a.reference - b.reference)[0];
  if (!isRare(rest) || !host) return [...common, rest];
  const joined = { reference: host.reference + rest.reference, current: host.current + rest.current };
  return common.map((cell) => (cell === host ? joined : cell));
}

function sum(cells: readonly Cell[], side: 'reference' | 'current'): number {
  return cells.reduce((total, cell) => total + cell[side], 0);
}

function counted(cells: readonly Cell[]): CellCounts {
  return { reference: cells.map((cell) => cell.reference), current: cells.map((cell) => cell.current) };
}
