/** Writes rows of one partition with as few calls as the service allows. */
import { RestError, type TableClient, type TransactionAction } from '@azure/data-tables';
import type { Row } from './history-rows.ts';

/** The service takes 100 actions or 4 MB; a margin stays for envelopes. */
export const MAX_BATCH_BYTES = 3_000_000;

export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof RestError && statuses.includes(error.statusCode ?? 0);
}

/** Splits rows into batches of at most `mostRows` rows and MAX_BATCH_BYTES, in order; at least one batch. */
export function batchesOf(rows: readonly Row[], mostRows: number): Row[][] {
  const batches: Row[][] = [];
  let current: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = sizeOfRow(row);
    if (current.length === mostRows || (current.length > 0 && bytes + size > MAX_BATCH_BYTES)) {
      batches.push(current);
      [current, bytes] = [[], 0];
    }
    current.push(row);
    bytes += size;
  }
  return [...batches, current];
}

/** An upper estimate of what the row takes in a request. */
export function sizeOfRow(row: Row): number {
  let bytes = 500;
  for (const value of Object.values(row)) bytes += 100 + (typeof value === 'string' ? value.length * 2 : 0);
  return bytes;
}

/** One call for one action, one transaction for more. */
export async function submit(table: TableClient, actions: readonly TransactionAction[]): Promise<void> {
  const [first] = actions;
  if (!first) return;
  if (actions.length > 1) {
    await table.submitTransaction([...actions]);
  } else if (first[0] === 'delete') {
    await removeRow(table, first[1].partitionKey, first[1].rowKey);
  } else {
    await table.upsertEntity(first[1], 'Replace');
  }
}

/** Removing what is gone already is done. */
export async function removeRow(table: TableClient, partitionKey: string, rowKey: string): Promise<void> {
  try {
    await table.deleteEntity(partitionKey, rowKey);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
}
