/** A store that fails at its k-th write: for ever, as if the host had died there, or that once. */
import type {
  CorruptMessage,
  HistoryCommit,
  InstanceChange,
  InstanceQuery,
  InstanceRecord,
  MessageChanges,
  TaskHubStore,
} from '../../../../../local/functions-host/durable/store/task-hub-store.ts';

/** Whether the failing write itself is lost, or done with its answer lost. */
export type CrashMode = 'before' | 'after';

export class CrashingStore implements TaskHubStore {
  readonly #inner: TaskHubStore;
  readonly #crashAt: number;
  readonly #mode: CrashMode;
  readonly #recovers: boolean;
  #writes = 0;

  constructor(inner: TaskHubStore, crashAt: number, mode: CrashMode, recovers = false) {
    this.#inner = inner;
    this.#crashAt = crashAt;
    this.#mode = mode;
    this.#recovers = recovers;
  }

  get crashed(): boolean {
    return !this.#recovers && this.#writes >= this.#crashAt;
  }

  get writes(): number {
    return this.#writes;
  }

  open = () => this.#inner.open();
  close = async () => {};
  loadMessages = (whenCorrupt?: (corrupt: CorruptMessage) => void) =>
    this.#read(() => this.#inner.loadMessages(whenCorrupt));
  readInstance = (id: string) => this.#read(() => this.#inner.readInstance(id));
  listInstances = (query: InstanceQuery) => this.#read(() => this.#inner.listInstances(query));
  readCheckpoint = (id: string) => this.#read(() => this.#inner.readCheckpoint(id));
  readHistory = (id: string) => this.#read(() => this.#inner.readHistory(id));
  changeMessages = (changes: MessageChanges) => this.#write(() => this.#inner.changeMessages(changes));
  putInstance = (record: InstanceRecord) => this.#write(() => this.#inner.putInstance(record));
  changeInstance = (id: string, change: InstanceChange) => this.#write(() => this.#inner.changeInstance(id, change));
  commitHistory = (commit: HistoryCommit) => this.#write(() => this.#inner.commitHistory(commit));
  purge = (id: string) => this.#write(() => this.#inner.purge(id));

  async #read<T>(read: () => Promise<T>): Promise<T> {
    if (this.crashed) throw new Error('The host is dead.');
    return read();
  }

  async #write<T>(write: () => Promise<T>): Promise<T> {
    if (this.crashed) throw new Error('The host is dead.');
    this.#writes += 1;
    if (this.#recovers ? this.#writes !== this.#crashAt : !this.crashed) return write();
    if (this.#mode === 'after') await write();
    throw new Error('This write failed.');
  }
}
