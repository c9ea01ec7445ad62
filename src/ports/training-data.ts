/** The rows of a data set, counted and checked without keeping them. */

export const COLUMN_TYPES = ['string', 'number', 'integer', 'boolean', 'datetime'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export interface InspectionRequest {
  /** Blob, or prefix of blobs, of JSON lines (`.jsonl`, `.json`, `.ndjson`) or CSV with a header (`.csv`). */
  readonly blobUrl: string;
  readonly kind: 'file' | 'folder';
  /** Columns to check, with their types. */
  readonly columns: Readonly<Record<string, ColumnType>>;
}

export interface ColumnReport {
  /** False when no row has the column. */
  readonly present: boolean;
  readonly nulls: number;
  readonly typeErrors: number;
}

export interface DataReport {
  readonly files: number;
  readonly bytes: number;
  readonly rows: number;
  /** Rows that could not be read at all. */
  readonly malformedRows: number;
  /** False when there was more than may be read: the numbers are those of the beginning. */
  readonly complete: boolean;
  readonly columns: Readonly<Record<string, ColumnReport>>;
}

export type Inspection =
  | { readonly ok: true; readonly report: DataReport }
  | { readonly ok: false; readonly reason: string };

export interface TrainingData {
  /** Reads as a stream and keeps nothing. Throws when storage cannot be reached. */
  inspect(request: InspectionRequest): Promise<Inspection>;
}
