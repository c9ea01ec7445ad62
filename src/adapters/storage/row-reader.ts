/** Reads the rows of JSON lines or CSV from a stream, one at a time; a row that cannot be read is null. */
import { Readable } from 'node:stream';
import type { ValueForm } from './column-checks.ts';

export type Chunks = AsyncIterable<Uint8Array>;

export type Row = Readonly<Record<string, unknown>> | null;

export interface RowFormat {
  readonly form: ValueForm;
  /** Throws what the chunks throw: a source that breaks off is never taken for its end. */
  readonly rows: (chunks: Chunks) => AsyncIterable<Row>;
}

const MAX_ROW_CHARACTERS = 1024 * 1024;

/** By the ending of the name; null for anything else. */
export function formatOf(name: string): RowFormat | null {
  if (/\.(?:jsonl|ndjson|json)$/i.test(name)) return { form: 'typed', rows: jsonRows };
  if (/\.csv$/i.test(name)) return { form: 'text', rows: csvRows };
  return null;
}

async function* jsonRows(chunks: Chunks): AsyncIterable<Row> {
  for await (const line of linesOf(chunks)) {
    if (line.trim() !== '') yield rowOf(line);
  }
}

/** A line that is too long comes cut, which makes it unreadable; the rest of it is passed over. */
async function* linesOf(chunks: Chunks): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of chunks) {
    const parts = `${pending}${decoder.decode(chunk, { stream: true })}`.split('\n');
    pending = (parts.pop() ?? '').slice(0, MAX_ROW_CHARACTERS);
    yield* parts;
  }
  yield pending + decoder.decode();
}

function rowOf(line: string): Row {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** The first line names the columns. A row with too few or too many cells, or a stray quote, is null. */
async function* csvRows(chunks: Chunks): AsyncIterable<Row> {
  const { parse } = await import('csv-parse');
  let skipped = 0;
  const parser = parse({
    columns: true,
    bom: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_ROW_CHARACTERS,
  });
  parser.on('skip', () => {
    skipped += 1;
  });
  const stream = Readable.from(chunks).once('error', (error) => parser.destroy(error));
  for await (const row of stream.pipe(parser) as AsyncIterable<Record<string, unknown>>) {
    for (; skipped > 0; skipped -= 1) yield null;
    yield row;
  }
  for (; skipped > 0; skipped -= 1) yield null;
}
