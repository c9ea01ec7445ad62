/** Runs a plan: reads the source's rows and takes them through the steps. Input rows are never changed. */
import type { Row } from '../types/scalar-type.ts';
import { groupRows } from './group-rows.ts';
import type { Plan, Step, Table } from './plan.ts';
import { collectRows, isRowStep, type RowStep, visitRows } from './row-steps.ts';
import { sortRows } from './sort-rows.ts';

export function executePlan(plan: Plan): readonly Row[] {
  let rows = readSource(plan.source);
  let pending: RowStep[] = [];
  for (const step of plan.steps) {
    if (isRowStep(step)) {
      pending.push(step);
      continue;
    }
    rows = executeStep(step, pending, rows);
    pending = [];
  }
  return collectRows(pending, rows);
}

function readSource(source: Table | Plan): readonly Row[] {
  return 'steps' in source ? executePlan(source) : source.rows();
}

/** `before` are the row steps that the rows still have to go through. */
function executeStep(step: Exclude<Step, RowStep>, before: readonly RowStep[], rows: readonly Row[]): readonly Row[] {
  switch (step.kind) {
    case 'group':
      return groupRows(step, (visit) => visitRows(before, rows, visit));
    case 'rebuild': {
      const rebuilt: Row[] = [];
      visitRows(before, rows, (row) => rebuilt.push(step.cells.map((cell) => cell.evaluate(row))));
      return rebuilt;
    }
    case 'sort':
      return sortRows(step.orders, collectRows(before, rows));
    case 'limit':
      return collectRows(before, rows).slice(0, step.count);
  }
}
