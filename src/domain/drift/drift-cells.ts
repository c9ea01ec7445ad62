/**
 * The cells in which the calibrated decision counts rows: the deciles of the reference (ties merged),
 * or the categories of both sides that are common enough to judge. What is missing or no number has a cell of its own.
 */
import type { CategoricalSummary } from './categorical-summary.ts';
import { comparableValues, type NumericSummary, type WeightedValue } from './numeric-summary.ts';
import { type Cell, mergeRare } from './rare-cells.ts';

const DECILES = 10;
export interface CellCounts {
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

export function numericCells(reference: NumericSummary, current: NumericSummary): CellCounts {
  const [before, now] = comparableValues(reference, current);
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

/** Rare categories are joined by how often both sides have them, so that neither side's own rarities count against the other. */
export function categoricalCells(reference: CategoricalSummary, current: CategoricalSummary): CellCounts {
  const [before, now] = [
    new Map(Object.entries(reference.counts ?? {})),
    new Map(Object.entries(current.counts ?? {})),
  ];
  const categories = [...new Set([...before.keys(), ...now.keys()])];
  const cells = categories.map((category) => ({
    reference: before.get(category) ?? 0,
    current: now.get(category) ?? 0,
  }));
  const missing = { reference: reference.missing, current: current.missing };
  return counted(mergeRare([...cells, missing]));
}

function counted(cells: readonly Cell[]): CellCounts {
  return { reference: cells.map((cell) => cell.reference), current: cells.map((cell) => cell.current) };
}
