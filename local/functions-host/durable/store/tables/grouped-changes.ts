/**
 * Puts changes of one partition that arrive while another is being written into one transaction.
 *
 * 1. A change is never split: it is in one transaction as a whole, in the order in which it was handed in.
 * 2. A row occurs once per transaction; a change that touches a row again waits for the next one.
 * 3. A transaction that the service refuses is repeated change by change, so that one bad change fails alone.
 */
import type { Row } from './history-rows.ts';
import { MAX_BATCH_BYTES, sizeOfRow } from './table-batches.ts';

/** What one entity-group transaction takes. */
const MAX_ACTIONS = 100;

export interface RowChange {
  readonly puts: readonly Row[];
  /** Row keys. */
  readonly deletes: readonly string[];
}

interface Waiting {
  readonly change: RowChange;
  readonly done: (failure?: { readonly error: unknown }) => void;
}

export class GroupedChanges {
  readonly #write: (partitionKey: string, change: RowChange) => Promise<void>;
  /** Present while a write of the partition is under way. */
  readonly #queues = new Map<string, Waiting[]>();

  constructor(write: (partitionKey: string, change: RowChange) => Promise<void>) {
    this.#write = write;
  }

  async submit(partitionKey: string, change: RowChange): Promise<void> {
    const failure = await new Promise<{ readonly error: unknown } | undefined>((done) => {
      const waiting = { change, done };
      const queue = this.#queues.get(partitionKey);
      if (queue) queue.push(waiting);
      else void this.#drain(partitionKey, [waiting]);
    });
    if (failure) throw failure.error;
  }

  async #drain(partitionKey: string, queue: Waiting[]): Promise<void> {
    this.#queues.set(partitionKey, queue);
    for (let group = takeGroup(queue); group.length > 0; group = takeGroup(queue)) {
      await this.#writeGroup(partitionKey, group);
    }
    this.#queues.delete(partitionKey);
  }

  async #writeGroup(partitionKey: string, group: readonly Waiting[]): Promise<void> {
    try {
      await this.#write(partitionKey, merged(group));
      for (const { done } of group) done();
    } catch (error) {
      if (group.length === 1) group[0]?.done({ error });
      else for (const waiting of group) await this.#writeGroup(partitionKey, [waiting]);
    }
  }
}

function merged(group: readonly Waiting[]): RowChange {
  return {
    puts: group.flatMap(({ change }) => change.puts),
    deletes: group.flatMap(({ change }) => change.deletes),
  };
}

/** Takes from the front of the queue what fits into one transaction, at least one change. */
function takeGroup(queue: Waiting[]): Waiting[] {
  const keys = new Set<string>();
  let bytes = 0;
  let size = 0;
  for (const { change } of queue) {
    const touched = [...change.puts.map((row) => row.rowKey), ...change.deletes];
    bytes += change.puts.reduce((sum, row) => sum + sizeOfRow(row), 0);
    const fits = keys.size + touched.length <= MAX_ACTIONS && bytes <= MAX_BATCH_BYTES;
    if (size > 0 && (!fits || touched.some((key) => keys.has(key)))) break;
    for (const key of touched) keys.add(key);
    size += 1;
  }
  return queue.splice(0, size);
}
