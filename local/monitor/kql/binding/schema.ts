/** Columns of a table at one point of a pipeline, and the names an expression can see there. */
import type { ScalarType } from '../types/scalar-type.ts';

/** `slot` is the column's index in the rows; rows may hold cells that no column shows. */
export interface Column {
  readonly name: string;
  readonly type: ScalarType;
  readonly slot: number;
}

export interface Schema {
  readonly columns: readonly Column[];
  /** Number of cells in a row. */
  readonly width: number;
  /** Cell of the ingestion time; absent once the rows are no longer those of a log table. */
  readonly ingestionSlot: number | undefined;
}

/** Names are case-sensitive. */
export function findColumn(schema: Schema, name: string): Column | undefined {
  return schema.columns.find((column) => column.name === name);
}

/** `wanted`, or with the smallest number after it that makes it new, as the service names derived columns. */
export function uniqueName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 1; ; number += 1) {
    const name = `${wanted}${number}`;
    if (!taken.has(name)) return name;
  }
}
