/** Takes rows through filters and added cells one by one, without a copy of every row for every step. */
import type { Row, Value } from '../types/scalar-type.ts';
import type { Step } from './plan.ts';

export type RowStep = Extract<Step, { readonly kind: 'filter' | 'append' }>;

export function isRowStep(step: Step): step is RowStep {
  return step.kind === 'filter' || step.kind === 'append';
}

/** A row that `visit` gets is valid only during that call: the next one may overwrite it. Source rows never change. */
export function visitRows(steps: readonly RowStep[], rows: readonly Row[], visit: (row: Row) => void): void {
  const scratch: Value[] = [];
  for (const row of rows) {
    const result = takeThrough(steps, row, scratch);
    if (result) visit(result);
  }
}

export function collectRows(steps: readonly RowStep[], rows: readonly Row[]): readonly Row[] {
  if (steps.length === 0) return rows;
  const isCopied = steps.some((step) => step.kind === 'append');
  const collected: Row[] = [];
  visitRows(steps, rows, (row) => collected.push(isCopied ? row.slice() : row));
  return collected;
}

/** Undefined when a filter drops the row. */
function takeThrough(steps: readonly RowStep[], row: Row, scratch: Value[]): Row | undefined {
  let current: Row = row;
  let width = row.length;
  for (const step of steps) {
    if (step.kind === 'filter') {
      if (step.predicate.evaluate(current) !== true) return undefined;
      continue;
    }
    if (current === row) copyInto(scratch, row);
    // Cells of one step never read each other, so they can be written while the others are still to come.
    for (const cell of step.cells) {
      scratch[width] = cell.evaluate(current);
      width += 1;
    }
    current = scratch;
  }
  return current;
}

function copyInto(scratch: Value[], row: Row): void {
  for (let slot = 0; slot < row.length; slot += 1) scratch[slot] = row[slot] ?? null;
}
