/** Reads CSV with a header (RFC 4180: quotes, doubled quotes, line breaks in quotes); cells become what they look like. */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const MISSING = new Set(['', 'nan', 'null', 'na']);
/** A quoted cell, or one without quotes, and what ends it. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/** One object per line; a cell is null when it is empty or says that it is missing. */
export function* csvRows(text: string): Generator<Record<string, unknown>> {
  const records = csvRecords(text);
  const header = records.next();
  if (header.done) return;
  for (const record of records) {
    yield Object.fromEntries(header.value.map((name, index) => [name, cellOf(record[index] ?? '')]));
  }
}

function* csvRecords(text: string): Generator<readonly string[]> {
  const pattern = new RegExp(CELL);
  let record: string[] = [];
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) throw new Error(`a quote is not closed, or something follows it`);
    record.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') {
      // A comma at the very end of the text: one more, empty cell.
      if (pattern.lastIndex === text.length) record.push('');
      else continue;
    }
    if (record.length > 1 || record[0] !== '') yield record;
    record = [];
  }
  if (record.length > 0) yield record;
}

function cellOf(text: string): unknown {
  if (MISSING.has(text.trim().toLowerCase())) return null;
  return NUMBER.test(text.trim()) ? Number(text) : text;
}
