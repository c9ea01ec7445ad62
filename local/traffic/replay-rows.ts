/** Reads the rows to replay: one real flight per JSON line, with the label that was measured afterwards. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const MAX_BYTES = 50_000_000;
const MAX_ROWS = 50_000;

const rowSchema = z.strictObject({ features: z.record(z.string(), z.unknown()), label: z.number() });

export interface ReplayRow {
  readonly features: Readonly<Record<string, unknown>>;
  /** What a right prediction would say. */
  readonly label: number;
}

/** Fails with the line of the first bad row; a missing file says how to make it. */
export async function readReplayRows(file: string): Promise<readonly ReplayRow[]> {
  const text = await readText(file);
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === 0 || lines.length > MAX_ROWS) {
    throw new Error(`${file} has ${lines.length} rows; 1 to ${MAX_ROWS} can be replayed.`);
  }
  return lines.map((line, index) => parseRow(line, `${file}:${index + 1}`));
}

async function readText(file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > MAX_BYTES) throw new Error(`${file} is larger than ${MAX_BYTES} bytes.`);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(`${file} does not exist: run "npm run setup", which cuts it from the data set.`, { cause: error });
  }
}

function parseRow(line: string, place: string): ReplayRow {
  const parsed = rowSchema.safeParse(parseJson(line, place));
  if (parsed.success) return parsed.data;
  throw new Error(
    `${place} is no row: ${parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)}`,
  );
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${place} is not JSON.`, { cause });
  }
}
