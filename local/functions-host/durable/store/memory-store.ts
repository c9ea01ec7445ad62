/** The task hub in memory: same promises as on tables, gone with the object. */

import type { HistoryEvent } from '../engine/history-event.ts';
import type { Message } from './message.ts';
import {
  type Checkpoint,
  type HistoryCommit,
  type InstanceChange,
  type InstancePage,
  type InstanceQuery,
  type InstanceRecord,
  type LoadedHistory,
  type MessageChanges,
  StaleTurnError,
  type TaskHubStore,
} from './task-hub-store.ts';

interface StoredHistory {
  readonly checkpoint: Checkpoint;
  readonly tag: string;
  readonly events: HistoryEvent[];
}

export class MemoryStore implements TaskHubStore {
  readonly #messages = new Map<string, Map<string, Message>>();
  readonly #instances = new Map<string, InstanceRecord>();
  readonly #histories = new Map<string, StoredHistory>();
  #tags = 0;

  async open(): Promise<void> {}

  async loadMessages(): Promise<readonly Message[]> {
    return [...this.#messages.values()].flatMap((partition) => [...partition.values()]);
  }

  async changeMessages({ instanceId, put, remove }: MessageChanges): Promise<void> {
    const partition = this.#messages.get(instanceId) ?? new Map<string, Message>();
    for (const id of remove) partition.delete(id);
    for (const message of put) partition.set(message.id, message);
    if (partition.size > 0) this.#messages.set(instanceId, partition);
    else this.#messages.delete(instanceId);
  }

  async readInstance(instanceId: string): Promise<InstanceRecord | undefined> {
    return this.#instances.get(instanceId);
  }

  async putInstance(record: InstanceRecord): Promise<void> {
    this.#instances.set(record.instanceId, record);
  }

  async changeInstance(instanceId: string, change: InstanceChange): Promise<void> {
    const record = this.#instances.get(instanceId);
    if (record) this.#instances.set(instanceId, { ...record, ...change });
  }

  async listInstances(query: InstanceQuery): Promise<InstancePage> {
    const ordered = [...this.#instances.values()].sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
    const after = query.continuation;
    const rest = ordered.filter((record) => (after === undefined || record.instanceId > after) && fits(query, record));
    const records = rest.slice(0, query.top);
    return { records, continuation: rest.length > query.top ? records.at(-1)?.instanceId : undefined };
  }

  async readCheckpoint(instanceId: string): Promise<Checkpoint | undefined> {
    return this.#histories.get(instanceId)?.checkpoint;
  }

  async readHistory(instanceId: string): Promise<LoadedHistory | undefined> {
    const stored = this.#histories.get(instanceId);
    return stored && { ...stored, events: [...stored.events] };
  }

  async commitHistory(commit: HistoryCommit): Promise<string> {
    const stored = this.#histories.get(commit.instanceId);
    if (stored?.tag !== commit.tag) throw new StaleTurnError(commit.instanceId);
    this.#tags += 1;
    const tag = String(this.#tags);
    const events = commit.from === 0 ? [] : (stored?.events ?? []);
    events.push(...commit.events);
    this.#histories.set(commit.instanceId, { checkpoint: commit.checkpoint, tag, events });
    return tag;
  }

  async purge(instanceId: string): Promise<void> {
    this.#instances.delete(instanceId);
    this.#histories.delete(instanceId);
    this.#messages.delete(instanceId);
  }

  async close(): Promise<void> {}
}

function fits(query: InstanceQuery, record: InstanceRecord): boolean {
  return (
    record.instanceId.startsWith(query.idPrefix ?? '') &&
    record.createdMs >= (query.createdFromMs ?? Number.NEGATIVE_INFINITY) &&
    record.createdMs <= (query.createdToMs ?? Number.POSITIVE_INFINITY) &&
    (query.statuses === undefined || query.statuses.includes(record.status))
  );
}
