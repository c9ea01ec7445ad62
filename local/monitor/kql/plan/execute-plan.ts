/** Runs a plan: reads the source's rows and takes them through the steps. Input rows are never changed. */
import type { Row, Value } from '../types/scalar-type.ts';
import type { Bound } from './bound.ts';
import { groupRows } from './group-rows.ts';
import type { Plan, Step, Table } from './plan.ts';
import { sortRows } from './sort-rows.ts';

export function executePlan(plan: Plan): readonly Row[] {
  return plan.steps.reduce<readonly Row[]>((rows, step) => executeStep(step, rows), readSource(plan.source));
}

function readSource(source: Table | Plan): readonly Row[] {
  return 'steps' in source ? executePlan(source) : source.rows();
}

function executeStep(step: Step, rows: readonly Row[]): readonly Row[] {
  switch (step.kind) {
    case 'filter': {
      const { evaluate } = step.predicate;
      return rows.filter((row) => evaluate(row) === true);
    }
    case 'append':
      return rows.map((row) => append(row, step.cells));
    case 'rebuild':
      return rows.map((row) => step.cells.map((cell) => cell.evaluate(row)));
    case 'group':
      return groupRows(step, rows);
    case 'sort':
      return sortRows(step.orders, rows);
    case 'limit':
      return rows.slice(0, step.count);
  }
}

function append(row: Row, cells: readonly Bound[]): Row {
  const added: Value[] = cells.map((cell) => cell.evaluate(row));
  return row.concat(added);
}
