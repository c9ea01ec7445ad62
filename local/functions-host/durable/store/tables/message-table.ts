/** The Messages table: what is in flight. One row per message, one partition per instance. */
import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import type { Message } from '../../dispatch/message.ts';
import type { MessageChanges } from '../task-hub-store.ts';
import { escapeKey } from './escape-key.ts';
import type { Row } from './history-rows.ts';
import type { LargeValues } from './large-values.ts';
import { messageOfRow, messageRow } from './message-rows.ts';
import { hasStatus, removeRow, submit } from './table-batches.ts';

export class MessageTable {
  readonly #table: TableClient;
  readonly #large: LargeValues;

  constructor(table: TableClient, large: LargeValues) {
    this.#table = table;
    this.#large = large;
  }

  async open(): Promise<void> {
    await this.#table.createTable();
  }

  async loadAll(): Promise<readonly Message[]> {
    const messages: Message[] = [];
    for await (const row of this.#table.listEntities()) messages.push(await messageOfRow(row as Row, this.#large));
    return messages;
  }

  async change({ instanceId, put, remove }: MessageChanges): Promise<void> {
    const partitionKey = escapeKey(instanceId);
    const rows = await Promise.all(put.map((message) => messageRow(message, this.#large)));
    const kept = new Set(rows.map((row) => row.rowKey));
    const removals = remove.map(escapeKey).filter((rowKey) => !kept.has(rowKey));
    const puts = rows.map((row): TransactionAction => ['upsert', row, 'Replace']);
    const deletes = removals.map((rowKey): TransactionAction => ['delete', { partitionKey, rowKey }]);
    try {
      await submit(this.#table, [...puts, ...deletes]);
    } catch (error) {
      if (deletes.length === 0 || !hasStatus(error, 404)) throw error;
      // One of the rows was removed by an earlier attempt, which makes the whole transaction fail.
      await submit(this.#table, puts);
      for (const rowKey of removals) await removeRow(this.#table, partitionKey, rowKey);
    }
  }

  async purge(instanceId: string): Promise<void> {
    const partitionKey = escapeKey(instanceId);
    const queryOptions = { filter: odata`PartitionKey eq ${partitionKey}`, select: ['PartitionKey', 'RowKey'] };
    for await (const row of this.#table.listEntities({ queryOptions })) {
      await removeRow(this.#table, partitionKey, String(row.rowKey));
    }
  }
}
