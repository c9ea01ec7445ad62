/** Reads the files of a data set row by row: JSON lines (plain rows, or collected CloudEvents) and CSV with a header. */
import { readFile } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import { filesOf } from '../../arm/storage/local-files.ts';
import { partitionSpan } from '../../collection/partition.ts';
import { MonitorFailure } from '../seams/monitor-failure.ts';
import { csvRows } from './csv.ts';
import { type Table, TableBuilder } from './table.ts';

/** From its first moment to before its last; rows without a time are in it when their file's folder is. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const MAX_ROWS = 1_000_000;

/** Files with other endings are left out. */
export async function readDataFiles(folder: string, window: TimeWindow | undefined): Promise<Table> {
  const table = new TableBuilder();
  for (const file of await filesOf(folder)) {
    const path = relative(folder, file).split(sep).join('/') || basename(file);
    const span = partitionSpan(path);
    if (window && span && (span.toMs <= window.fromMs || span.fromMs >= window.toMs)) continue;
    const inWindow = window === undefined || span !== undefined;
    if (/\.(jsonl|json)$/i.test(file)) await readJsonLines(file, path, { table, window, inWindow });
    else if (/\.csv$/i.test(file) && inWindow) await readCsv(file, path, table);
  }
  return table.build();
}

interface Reading {
  readonly table: TableBuilder;
  readonly window: TimeWindow | undefined;
  /** Whether rows without a time of their own belong to the window. */
  readonly inWindow: boolean;
}

async function readJsonLines(file: string, path: string, reading: Reading): Promise<void> {
  const text = await readFile(file, 'utf8');
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    for (const row of rowsOf(parseLine(line, path, index), reading)) add(reading.table, row, path);
  }
}

function parseLine(line: string, path: string, index: number): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // Told below, together with lines that hold something else.
  }
  throw new MonitorFailure(`Line ${index + 1} of ${path} is no JSON object.`);
}

function rowsOf(line: Record<string, unknown>, { window, inWindow }: Reading): readonly Record<string, unknown>[] {
  if (typeof line.specversion !== 'string') return inWindow ? [line] : [];
  const timeMs = Date.parse(String(line.time));
  if (window && !(timeMs >= window.fromMs && timeMs < window.toMs)) return [];
  return Array.isArray(line.data) ? line.data.filter((row) => typeof row === 'object' && row !== null) : [];
}

async function readCsv(file: string, path: string, table: TableBuilder): Promise<void> {
  const text = await readFile(file, 'utf8');
  try {
    for (const row of csvRows(text)) add(table, row, path);
  } catch (error) {
    if (error instanceof MonitorFailure) throw error;
    throw new MonitorFailure(`${path} is no CSV: ${error instanceof Error ? error.message : error}.`);
  }
}

function add(table: TableBuilder, row: Record<string, unknown>, path: string): void {
  if (table.rows >= MAX_ROWS) {
    throw new MonitorFailure(`The data up to ${path} has more than ${MAX_ROWS} rows; take a shorter window.`);
  }
  table.add(row);
}
