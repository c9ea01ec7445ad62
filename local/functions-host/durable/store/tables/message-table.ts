/** The Messages table: what is in flight. One row per message, one partition per instance. */
import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import type { Message } from '../message.ts';
import type { CorruptMessage, MessageChanges } from '../task-hub-store.ts';
import { escapeKey, unescapeKey } from './escape-key.ts';
import { GroupedChanges, type RowChange } from './grouped-changes.ts';
import type { Row } from './history-rows.ts';
import type { LargeValues } from './large-values.ts';
import { messageOfRow, messageRow } from './message-rows.ts';
import { hasStatus, removeRow, submit } from './table-batches.ts';

export class MessageTable {
  readonly #table: TableClient;
  readonly #large: LargeValues;
  readonly #mayWrite: () => void;
  readonly #changes = new GroupedChanges((partitionKey, change) => this.#write(partitionKey, change));

  /** `mayWrite` throws when this host may no longer write; asked again after a change has waited for its turn. */
  constructor(table: TableClient, large: LargeValues, mayWrite: () => void) {
    this.#table = table;
    this.#mayWrite = mayWrite;
    this.#large = large;
  }

  async open(): Promise<void> {
    await this.#table.createTable();
  }

  async loadAll(whenCorrupt?: (corrupt: CorruptMessage) => void): Promise<readonly Message[]> {
    const messages: Message[] = [];
    for await (const entity of this.#table.listEntities()) {
      const row = entity as Row;
      const read = await messageOfRow(row, this.#large);
      if (read.ok) messages.push(read.message);
      else if (!whenCorrupt) throw new Error(read.problem);
      else
        whenCorrupt({ instanceId: unescapeKey(row.partitionKey), id: unescapeKey(row.rowKey), problem: read.problem });
    }
    return messages;
  }

  async change({ instanceId, put, remove }: MessageChanges): Promise<void> {
    const partitionKey = escapeKey(instanceId);
    const rows = await Promise.all(put.map((message) => messageRow(message, this.#large)));
    const kept = new Set(rows.map((row) => row.rowKey));
    const deletes = remove.map(escapeKey).filter((rowKey) => !kept.has(rowKey));
    if (rows.length + deletes.length > 0) await this.#changes.submit(partitionKey, { puts: rows, deletes });
  }

  async #write(partitionKey: string, change: RowChange): Promise<void> {
    this.#mayWrite();
    const puts = change.puts.map((row): TransactionAction => ['upsert', row, 'Replace']);
    const deletes = change.deletes.map((rowKey): TransactionAction => ['delete', { partitionKey, rowKey }]);
    try {
      await submit(this.#table, [...puts, ...deletes]);
    } catch (error) {
      if (deletes.length === 0 || !hasStatus(error, 404)) throw error;
      // One of the rows was removed by an earlier attempt, which makes the whole transaction fail.
      await submit(this.#table, puts);
      for (const rowKey of change.deletes) await removeRow(this.#table, partitionKey, rowKey);
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
