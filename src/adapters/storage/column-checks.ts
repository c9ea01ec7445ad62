/** Counts, per column, the values that are missing and those that are not of the wanted type. Keeps no value. */
import type { ColumnReport, ColumnType } from '../../ports/training-data.ts';

/** Whether the values of a format have types of their own (JSON), or are all texts (CSV). */
export type ValueForm = 'typed' | 'text';

/** Texts that stand for a missing value in CSV files, as pandas writes and reads them. */
const NULL_TEXTS = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '<na>']);
const BOOLEAN_TEXTS = new Set(['true', 'false', '0', '1']);
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

interface Counting {
  readonly type: ColumnType;
  present: boolean;
  nulls: number;
  typeErrors: number;
}

export class ColumnChecks {
  readonly #columns: Map<string, Counting>;
  readonly #form: ValueForm;

  constructor(columns: Readonly<Record<string, ColumnType>>, form: ValueForm) {
    const counts = Object.entries(columns).map(([name, type]): [string, Counting] => [
      name,
      { type, present: false, nulls: 0, typeErrors: 0 },
    ]);
    this.#columns = new Map(counts);
    this.#form = form;
  }

  add(row: Readonly<Record<string, unknown>>): void {
    for (const [name, column] of this.#columns) {
      const value = Object.hasOwn(row, name) ? row[name] : undefined;
      if (value !== undefined) column.present = true;
      if (isNull(value, this.#form)) column.nulls += 1;
      else if (!isOfType(value, column.type, this.#form)) column.typeErrors += 1;
    }
  }

  report(): Readonly<Record<string, ColumnReport>> {
    const entries = [...this.#columns].map(([name, { present, nulls, typeErrors }]) => [
      name,
      { present, nulls, typeErrors },
    ]);
    return Object.fromEntries(entries);
  }
}

/** JSON has no NaN: writers that meet one write null, or the text. */
function isNull(value: unknown, form: ValueForm): boolean {
  if (value === undefined || value === null) return true;
  return form === 'text' && typeof value === 'string' && NULL_TEXTS.has(value.trim().toLowerCase());
}

function isOfType(value: unknown, type: ColumnType, form: ValueForm): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'number':
      return Number.isFinite(numberOf(value, form));
    case 'integer':
      return Number.isInteger(numberOf(value, form));
    case 'boolean':
      return form === 'typed' ? typeof value === 'boolean' : BOOLEAN_TEXTS.has(String(value).trim().toLowerCase());
    case 'datetime':
      return typeof value === 'string' && ISO_TIME.test(value.trim()) && Number.isFinite(Date.parse(value.trim()));
  }
}

function numberOf(value: unknown, form: ValueForm): number {
  if (form === 'typed') return typeof value === 'number' ? value : Number.NaN;
  const text = String(value).trim();
  return text === '' ? Number.NaN : Number(text);
}
