/** Rows of a data set by column; every column has a value, or null, for every row. */

export type Cell = string | number | boolean | null;

export interface Table {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, readonly Cell[]>;
}

const MAX_COLUMNS = 1_000;

export class TableBuilder {
  readonly #columns = new Map<string, Cell[]>();
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  add(row: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(row)) {
      const column = this.#columns.get(name) ?? this.#newColumn(name);
      column?.push(cell(value));
    }
    this.#rows += 1;
    for (const column of this.#columns.values()) if (column.length < this.#rows) column.push(null);
  }

  build(): Table {
    return { rows: this.#rows, columns: this.#columns };
  }

  #newColumn(name: string): Cell[] | undefined {
    if (this.#columns.size >= MAX_COLUMNS) return undefined;
    const column = new Array<Cell>(this.#rows).fill(null);
    this.#columns.set(name, column);
    return column;
  }
}

/** What is nested counts as its text; what is no number counts as missing. */
function cell(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}
