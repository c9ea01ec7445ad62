/** The task hub on Azure tables and blobs, in the layout of DurableTask.AzureStorage with a Messages table added. */
import type { Message } from '../message.ts';
import type {
  Checkpoint,
  CorruptMessage,
  HistoryCommit,
  InstanceChange,
  InstancePage,
  InstanceQuery,
  InstanceRecord,
  LoadedHistory,
  MessageChanges,
  TaskHubStore,
} from '../task-hub-store.ts';
import { escapeKey } from './escape-key.ts';
import type { HistoryTable } from './history-table.ts';
import type { HubLease } from './hub-lease.ts';
import type { InstanceTable } from './instance-table.ts';
import type { LargeValues } from './large-values.ts';
import type { MessageTable } from './message-table.ts';

export interface TableStoreParts {
  readonly history: HistoryTable;
  readonly instances: InstanceTable;
  readonly messages: MessageTable;
  readonly large: LargeValues;
  readonly lease: HubLease;
}

export class TableStore implements TaskHubStore {
  readonly #parts: TableStoreParts;

  constructor(parts: TableStoreParts) {
    this.#parts = parts;
  }

  /** Resolves when another host has taken the hub over. */
  get lost(): Promise<string> {
    return this.#parts.lease.lost;
  }

  async open(): Promise<void> {
    const { history, instances, messages, large, lease } = this.#parts;
    // Making what is missing harms nobody, so it does not wait for the lease.
    const parts = [lease.take(), history.open(), instances.open(), messages.open(), large.open()];
    const failed = (await Promise.allSettled(parts)).find((part) => part.status === 'rejected');
    if (!failed) return;
    await lease.release();
    throw failed.reason;
  }

  loadMessages(whenCorrupt?: (corrupt: CorruptMessage) => void): Promise<readonly Message[]> {
    return this.#parts.messages.loadAll(whenCorrupt);
  }

  changeMessages(changes: MessageChanges): Promise<void> {
    return this.#asHolder(() => this.#parts.messages.change(changes));
  }

  readInstance(instanceId: string): Promise<InstanceRecord | undefined> {
    return this.#parts.instances.read(instanceId);
  }

  putInstance(record: InstanceRecord): Promise<void> {
    return this.#asHolder(() => this.#parts.instances.put(record));
  }

  changeInstance(instanceId: string, change: InstanceChange): Promise<void> {
    return this.#asHolder(() => this.#parts.instances.change(instanceId, change));
  }

  listInstances(query: InstanceQuery): Promise<InstancePage> {
    return this.#parts.instances.list(query);
  }

  readCheckpoint(instanceId: string): Promise<Checkpoint | undefined> {
    return this.#parts.history.readCheckpoint(instanceId);
  }

  readHistory(instanceId: string): Promise<LoadedHistory | undefined> {
    return this.#parts.history.read(instanceId);
  }

  commitHistory(commit: HistoryCommit): Promise<string> {
    return this.#asHolder(() => this.#parts.history.commit(commit));
  }

  purge(instanceId: string): Promise<void> {
    const { history, instances, messages, large } = this.#parts;
    return this.#asHolder(async () => {
      await messages.purge(instanceId);
      await instances.purge(instanceId);
      await history.purge(instanceId);
      await large.removeAll(`${escapeKey(instanceId)}/`);
    });
  }

  close(): Promise<void> {
    return this.#parts.lease.release();
  }

  /** Asked again afterwards: what a host wrote while its lease ran out may have come too late for the next holder. */
  async #asHolder<T>(write: () => Promise<T>): Promise<T> {
    const { lease } = this.#parts;
    lease.assertHeld();
    const result = await write();
    lease.assertHeld();
    return result;
  }
}
