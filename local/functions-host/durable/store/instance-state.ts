/** What the host remembers of an instance between turns, so that a turn does not read its history again. */
import type { HistoryEvent } from '../engine/history-event.ts';
import type { Checkpoint, LoadedHistory, TaskHubStore } from './task-hub-store.ts';
import { isFinished } from './task-hub-store.ts';

export interface InstanceState {
  readonly instanceId: string;
  readonly tag: string | undefined;
  readonly checkpoint: Checkpoint | undefined;
  readonly events: readonly HistoryEvent[];
  /** Time of the last turn of this host, whose second the visible record shows; unknown after loading. */
  readonly recordMs?: number;
}

const MOST_CACHED = 2_000;

/** Caches unfinished instances, least recently used out first; the checkpoint's tag guards against a second writer. */
export class InstanceCache {
  readonly #store: TaskHubStore;
  readonly #states = new Map<string, InstanceState>();

  constructor(store: TaskHubStore) {
    this.#store = store;
  }

  async load(instanceId: string): Promise<InstanceState> {
    const cached = this.#states.get(instanceId);
    if (cached) return cached;
    const loaded: LoadedHistory | undefined = await this.#store.readHistory(instanceId);
    return { instanceId, tag: loaded?.tag, checkpoint: loaded?.checkpoint, events: loaded?.events ?? [] };
  }

  remember(state: InstanceState): void {
    this.#states.delete(state.instanceId);
    if (!state.checkpoint || isFinished(state.checkpoint.status)) return;
    this.#states.set(state.instanceId, state);
    const oldest = this.#states.size > MOST_CACHED ? this.#states.keys().next().value : undefined;
    if (oldest !== undefined) this.#states.delete(oldest);
  }

  forget(instanceId: string): void {
    this.#states.delete(instanceId);
  }
}
