/** A small table `T` of every type, and ways to run queries on it. */
import type { Column } from '../../../../local/monitor/kql/binding/schema.ts';
import { type ResultTable, runQuery } from '../../../../local/monitor/kql/run-query.ts';
import type { Row, ScalarType } from '../../../../local/monitor/kql/types/scalar-type.ts';

export const NOW_MS = Date.UTC(2026, 0, 1, 12);

const COLUMNS: readonly (readonly [string, ScalarType])[] = [
  ['At', 'datetime'],
  ['Name', 'string'],
  ['I', 'int'],
  ['L', 'long'],
  ['R', 'real'],
  ['B', 'bool'],
  ['S', 'timespan'],
];

const at = (second: number) => Date.UTC(2026, 0, 1, 0, 0, second);

export const ROWS: readonly Row[] = [
  [at(0), 'flights-blue', 1, 10, 1.5, true, 1000, at(60)],
  [at(1), 'flights-green', 2, 20, 2.5, false, 2000, at(61)],
  [at(3), 'flights-green', 4, 40, -0.5, true, 500, at(62)],
  [at(5), '', null, null, null, null, null, at(63)],
];

const schema = {
  columns: COLUMNS.map(([name, type], slot): Column => ({ name, type, slot })),
  width: COLUMNS.length + 1,
  ingestionSlot: COLUMNS.length,
};

export function query(text: string, rows: readonly Row[] = ROWS): ResultTable {
  return runQuery(text, { tables: new Map([['T', { schema, rows: () => rows }]]), nowMs: NOW_MS });
}

/** Value of an expression over the first row of `T`. */
export function evaluate(expression: string): unknown {
  return query(`T | take 1 | project x = ${expression}`).rows[0]?.[0];
}

/** `name:type` of every column of the answer. */
export function columnsOf(text: string): string {
  return query(text)
    .columns.map(({ name, type }) => `${name}:${type}`)
    .join(' ');
}
