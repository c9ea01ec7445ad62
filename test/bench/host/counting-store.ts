/** A store that counts the calls and rows that go through it, and notes when each history grew to which length. */
import type {
  CorruptMessage,
  HistoryCommit,
  InstanceChange,
  InstanceQuery,
  InstanceRecord,
  MessageChanges,
  TaskHubStore,
} from '../../../local/functions-host/durable/store/task-hub-store.ts';

export interface StoreCounts {
  readonly calls: number;
  readonly rowsWritten: number;
}

export interface Growth {
  readonly length: number;
  readonly atMs: number;
}

export class CountingStore implements TaskHubStore {
  readonly growth = new Map<string, Growth[]>();
  readonly #inner: TaskHubStore;
  #calls = 0;
  #rowsWritten = 0;

  constructor(inner: TaskHubStore) {
    this.#inner = inner;
  }

  get counts(): StoreCounts {
    return { calls: this.#calls, rowsWritten: this.#rowsWritten };
  }

  open = () => this.#inner.open();
  close = () => this.#inner.close();
  loadMessages = (whenCorrupt?: (corrupt: CorruptMessage) => void) =>
    this.#count(0, () => this.#inner.loadMessages(whenCorrupt));
  readInstance = (id: string) => this.#count(0, () => this.#inner.readInstance(id));
  listInstances = (query: InstanceQuery) => this.#count(0, () => this.#inner.listInstances(query));
  readCheckpoint = (id: string) => this.#count(0, () => this.#inner.readCheckpoint(id));
  readHistory = (id: string) => this.#count(0, () => this.#inner.readHistory(id));
  putInstance = (record: InstanceRecord) => this.#count(1, () => this.#inner.putInstance(record));
  changeInstance = (id: string, change: InstanceChange) => this.#count(1, () => this.#inner.changeInstance(id, change));
  purge = (id: string) => this.#count(1, () => this.#inner.purge(id));

  changeMessages = (changes: MessageChanges) =>
    this.#count(changes.put.length + changes.remove.length, () => this.#inner.changeMessages(changes));

  commitHistory = async (commit: HistoryCommit) => {
    const tag = await this.#count(commit.events.length + 1, () => this.#inner.commitHistory(commit));
    const grown = this.growth.get(commit.instanceId) ?? [];
    grown.push({ length: commit.checkpoint.length, atMs: performance.now() });
    this.growth.set(commit.instanceId, grown);
    return tag;
  };

  #count<T>(rows: number, call: () => Promise<T>): Promise<T> {
    this.#calls += 1;
    this.#rowsWritten += rows;
    return call();
  }
}
