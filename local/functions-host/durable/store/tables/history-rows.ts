/** History events as rows of the History table, and back (row layout of DurableTask.AzureStorage). */
import { z } from 'zod';
import { type HistoryEvent, historyEventSchema } from '../../engine/history-event.ts';
import { wireTime } from '../../engine/wire-time.ts';
import { CorruptHistory } from '../task-hub-store.ts';
import { isBlobDamaged, isLarge, type LargeValues } from './large-values.ts';

export interface RowKeys {
  readonly partitionKey: string;
  readonly rowKey: string;
}
export type Row = RowKeys & Record<string, unknown>;

const LARGE_COLUMNS = new Set(['Name', 'Input', 'Result', 'Output', 'Reason', 'Details', 'FailureDetails', 'Tags']);
const OBJECT_COLUMNS = new Set(['OrchestrationInstance', 'ParentInstance', 'Tags', 'FailureDetails']);

/** 16 upper-case hex digits of the event's position. */
export function historyRowKey(position: number): string {
  return position.toString(16).toUpperCase().padStart(16, '0');
}

export interface RowPlace extends RowKeys {
  readonly executionId: string;
}

/** Saves large columns as blobs on the way. `discriminator` keeps the blobs of a repeated write apart. */
export async function historyRow(
  event: HistoryEvent,
  place: RowPlace,
  large: LargeValues,
  discriminator: string,
): Promise<Row> {
  const { partitionKey, rowKey, executionId } = place;
  const row: Row = { partitionKey, rowKey, ExecutionId: executionId, IsPlayed: false };
  for (const [name, value] of Object.entries(event)) {
    if (value === null) continue;
    if (name === 'Timestamp') row._Timestamp = { type: 'DateTime', value: String(value) };
    else if (name === 'FireAt') row.FireAt = { type: 'DateTime', value: String(value) };
    else
      await putColumn(row, name, OBJECT_COLUMNS.has(name) ? JSON.stringify(value) : value, () => {
        const blob = `${partitionKey}/history-${rowKey}-${event.EventType}-${discriminator}-${name}.json.gz`;
        return { blob, large };
      });
  }
  return row;
}

async function putColumn(row: Row, name: string, value: unknown, target: () => { blob: string; large: LargeValues }) {
  if (typeof value !== 'string' || !LARGE_COLUMNS.has(name) || !isLarge(value)) {
    row[name] = value;
    return;
  }
  const { blob, large } = target();
  await large.save(blob, value);
  row[name] = '';
  row[`${name}BlobName`] = blob;
}

const BLOB_SUFFIX = 'BlobName';

/** Names of the blobs that hold the row's large columns. */
export function blobsOf(row: Row): string[] {
  return Object.entries(row).flatMap(([name, value]) => (name.endsWith(BLOB_SUFFIX) ? [String(value)] : []));
}

/** Fails with the row's keys when the row is not a history event. */
export async function eventOfRow(row: Row, large: LargeValues): Promise<HistoryEvent> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (name === '_Timestamp') fields.Timestamp = timeText(value);
    else if (name === 'FireAt') fields.FireAt = timeText(value);
    else if (name.endsWith(BLOB_SUFFIX))
      fields[name.slice(0, -BLOB_SUFFIX.length)] = await loadBlob(row, String(value), large);
    else if (!(name in fields)) fields[name] = value;
  }
  for (const name of OBJECT_COLUMNS) fields[name] = objectOf(fields[name], row);
  const read = historyEventSchema.safeParse(fields);
  if (read.success) return read.data;
  throw corruptRow(row, z.prettifyError(read.error));
}

async function loadBlob(row: Row, blob: string, large: LargeValues): Promise<string> {
  return large.load(blob).catch((error: unknown) => {
    if (!isBlobDamaged(error)) throw error;
    throw corruptRow(row, `its blob '${blob}' cannot be read: ${String(error)}`);
  });
}

export function timeText(value: unknown): string {
  return value instanceof Date ? wireTime(value.getTime()) : String(value);
}

function objectOf(value: unknown, row: Row): unknown {
  if (typeof value !== 'string') return undefined;
  try {
    return JSON.parse(value);
  } catch (error) {
    throw corruptRow(row, String(error));
  }
}

function corruptRow(row: RowKeys, cause: string): CorruptHistory {
  return new CorruptHistory(
    `History row (PartitionKey '${row.partitionKey}', RowKey '${row.rowKey}') is corrupt: ${cause}. ` +
      'Purge the instance, or repair the row and restart the host.',
  );
}
