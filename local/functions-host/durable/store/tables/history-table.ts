/**
 * The History table: appends rows under the sentinel's ETag.
 *
 * A commit larger than one transaction writes its last rows first and the sentinel with the final batch; until the
 * sentinel says so, rows beyond its length or of another execution do not count.
 */
import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import {
  type Checkpoint,
  CorruptHistory,
  type HistoryCommit,
  type LoadedHistory,
  StaleTurnError,
} from '../task-hub-store.ts';
import { escapeKey } from './escape-key.ts';
import { blobsOf, eventOfRow, historyRow, historyRowKey, type Row } from './history-rows.ts';
import type { LargeValues } from './large-values.ts';
import { checkpointOf, SENTINEL, sentinelRow } from './sentinel-row.ts';
import { batchesOf, hasStatus } from './table-batches.ts';

/** One place of the transaction is the sentinel's. */
const MOST_ROWS = 99;

export class HistoryTable {
  readonly #table: TableClient;
  readonly #large: LargeValues;

  constructor(table: TableClient, large: LargeValues) {
    this.#table = table;
    this.#large = large;
  }

  async open(): Promise<void> {
    await this.#table.createTable();
  }

  async readCheckpoint(instanceId: string): Promise<Checkpoint | undefined> {
    try {
      return checkpointOf((await this.#table.getEntity(escapeKey(instanceId), SENTINEL)) as Row);
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  /** Most are asked for before their first turn: looking for one row costs less than a query, above all in Azurite, which scans the table. */
  async read(instanceId: string): Promise<LoadedHistory | undefined> {
    return (await this.#hasSentinel(instanceId)) ? this.#readRows(instanceId) : undefined;
  }

  async #hasSentinel(instanceId: string): Promise<boolean> {
    try {
      await this.#table.getEntity(escapeKey(instanceId), SENTINEL, { queryOptions: { select: ['RowKey'] } });
      return true;
    } catch (error) {
      if (hasStatus(error, 404)) return false;
      throw error;
    }
  }

  async #readRows(instanceId: string): Promise<LoadedHistory | undefined> {
    const filter = odata`PartitionKey eq ${escapeKey(instanceId)}`;
    const rows: Row[] = [];
    for await (const row of this.#table.listEntities({ queryOptions: { filter } })) rows.push(row as Row);
    const sentinel = rows.find((row) => row.rowKey === SENTINEL);
    if (!sentinel) return undefined;
    const checkpoint = checkpointOf(sentinel);
    const current = rows.filter(
      (row) => row.rowKey < historyRowKey(checkpoint.length) && row.ExecutionId === checkpoint.executionId,
    );
    if (current.length !== checkpoint.length) {
      throw new CorruptHistory(
        `The history of '${instanceId}' has ${current.length} rows, its sentinel row counts ${checkpoint.length}. ` +
          'Purge the instance, or repair the rows and restart the host.',
      );
    }
    const events = await Promise.all(current.map((row) => eventOfRow(row, this.#large)));
    return { checkpoint, tag: String(sentinel.etag), events };
  }

  async commit(commit: HistoryCommit): Promise<string> {
    const partitionKey = escapeKey(commit.instanceId);
    const discriminator = commit.checkpoint.turn.toString(16).slice(-8).padStart(8, '0');
    const rows = await Promise.all(
      commit.events.map((event, index) => {
        const rowKey = historyRowKey(commit.from + index);
        const place = { partitionKey, rowKey, executionId: commit.checkpoint.executionId };
        return historyRow(event, place, this.#large, discriminator);
      }),
    );
    const replacesLarge = commit.from === 0 && rows.some((row) => blobsOf(row).length > 0);
    const batches = batchesOf(rows, MOST_ROWS);
    const final = batches.shift() ?? [];
    try {
      for (const batch of batches.reverse()) await this.#table.submitTransaction(batch.map(upsert));
      const tag = await this.#commitFinal(final, sentinelRow(partitionKey, commit), commit.tag);
      if (replacesLarge) await this.#removeReplaced(partitionKey, new Set(rows.flatMap(blobsOf)));
      return tag;
    } catch (error) {
      if (hasStatus(error, 409, 412)) throw new StaleTurnError(commit.instanceId);
      throw error;
    }
  }

  async #commitFinal(rows: readonly Row[], sentinel: Row, tag: string | undefined): Promise<string> {
    const guard: TransactionAction =
      tag === undefined ? ['create', sentinel] : ['update', sentinel, 'Replace', { etag: tag }];
    const response = await this.#table.submitTransaction([...rows.map(upsert), guard]);
    // By position: an update's answer does not repeat the row key.
    const next = response.subResponses.at(-1)?.etag;
    if (!next) throw new Error('The table service confirmed a history commit without an ETag for the sentinel row.');
    return next;
  }

  /** A new execution, and each batch of an entity, leaves the large values of the one before without a row. */
  async #removeReplaced(partitionKey: string, kept: ReadonlySet<string>): Promise<void> {
    // What is left behind here goes with the next execution or with the purge.
    await this.#large.removeAll(`${partitionKey}/history-`, kept).catch(() => {});
  }

  /** Removes all rows of the instance, the sentinel last. */
  async purge(instanceId: string): Promise<void> {
    const partitionKey = escapeKey(instanceId);
    const queryOptions = { filter: odata`PartitionKey eq ${partitionKey}`, select: ['PartitionKey', 'RowKey'] };
    const rows: Row[] = [];
    for await (const row of this.#table.listEntities({ queryOptions })) {
      rows.push({ partitionKey, rowKey: String(row.rowKey) });
    }
    for (const batch of batchesOf(rows, MOST_ROWS)) {
      const actions = batch.map((row): TransactionAction => ['delete', row]);
      if (actions.length > 0) await this.#table.submitTransaction(actions);
    }
  }
}

function upsert(row: Row): TransactionAction {
  return ['upsert', row, 'Replace'];
}
