/** Sorts rows by several keys; rows that are equal in all of them keep their order. */
import type { Row, Value } from '../types/scalar-type.ts';
import type { SortOrder } from './plan.ts';

export function sortRows(orders: readonly SortOrder[], rows: readonly Row[]): readonly Row[] {
  const keyed = rows.map((row) => ({ row, keys: orders.map(({ value }) => value.evaluate(row)) }));
  keyed.sort((left, right) => compareKeys(orders, left.keys, right.keys));
  return keyed.map(({ row }) => row);
}

function compareKeys(orders: readonly SortOrder[], left: readonly Value[], right: readonly Value[]): number {
  for (const [index, order] of orders.entries()) {
    const result = compareCells(order, left[index] ?? null, right[index] ?? null);
    if (result !== 0) return result;
  }
  return 0;
}

function compareCells(order: SortOrder, left: Value, right: Value): number {
  if (left === null || right === null) {
    if (left === right) return 0;
    return (left === null) === order.nullsFirst ? -1 : 1;
  }
  if (left === right) return 0;
  return left < right === order.descending ? 1 : -1;
}
