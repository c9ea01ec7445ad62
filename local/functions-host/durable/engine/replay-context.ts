/**
 * Books of the second replay.
 *
 * 1. Ids count up from 0 in the order of scheduling; waits for events and continue-as-new take none.
 * 2. `pending` holds what was scheduled in this walk and has not been met in the history: the new decisions.
 * 3. `open` holds what has no result yet; while it holds anything, the execution cannot complete.
 * 4. An event goes to the newest waiter of its name, ignoring case, or is buffered first-in first-out.
 */
import type { Decision, NewDecision } from './decision.ts';
import { deterministicGuid } from './deterministic-guid.ts';
import { EngineTask, type Settlement } from './engine-task.ts';
import type { HistoryEventOf } from './history-event.ts';

/** Bounds that the extension applies; milliseconds. */
export interface ReplayLimits {
  readonly maximumShortTimerMs: number;
  readonly longTimerIntervalMs: number;
  readonly defaultHttpSleepMs: number;
}

/** Answers whether a function is registered; names compare ignoring case. */
export interface FunctionCatalog {
  names(kind: 'activity' | 'orchestrator' | 'entity'): readonly string[];
  has(kind: 'activity' | 'orchestrator' | 'entity', name: string): boolean;
}

export interface Execution {
  readonly instanceId: string;
  readonly executionId: string;
  readonly parentInstanceId: string | null;
  /** Inherited by sub-orchestrations that name none. */
  readonly defaultVersion: string | null;
}

export interface HeldLock {
  readonly requestId: string;
  readonly entityIds: readonly string[];
}

export class ReplayContext {
  readonly execution: Execution;
  readonly limits: ReplayLimits;
  readonly catalog: FunctionCatalog;
  readonly pending = new Map<number, Decision>();
  readonly open = new Map<number, EngineTask>();
  readonly carried: HistoryEventOf<'EventRaised'>[] = [];
  nowMs = 0;
  continueInput: { readonly text: string | null } | undefined;
  heldLock: HeldLock | undefined;
  readonly #waiters = new Map<string, EngineTask[]>();
  readonly #buffered = new Map<string, (string | null)[]>();
  #nextId = 0;

  constructor(execution: Execution, limits: ReplayLimits, catalog: FunctionCatalog) {
    this.execution = execution;
    this.limits = limits;
    this.catalog = catalog;
  }

  /** Takes the next id for `decision`; the task settles with the matching completion event. */
  schedule(decision: NewDecision): { readonly id: number; readonly task: EngineTask } {
    const id = this.#record(decision);
    const task = new EngineTask();
    this.open.set(id, task);
    return { id, task };
  }

  /** Takes the next id for a one-way message. */
  send(decision: Extract<NewDecision, { kind: 'event' }>): void {
    this.#record(decision);
  }

  /** Stops waiting for `id`; a later completion of it is ignored. */
  abandon(id: number): void {
    this.open.delete(id);
  }

  /** Id that the next scheduled decision will take. */
  get nextId(): number {
    return this.#nextId;
  }

  /** A guid that is bound to the next id and so the same in every replay. */
  guidForNextId(): string {
    return deterministicGuid(this.execution.instanceId, this.execution.executionId, this.#nextId);
  }

  settle(id: number, settlement: Settlement): void {
    const task = this.open.get(id);
    if (!task) return;
    this.open.delete(id);
    task.settle(settlement);
  }

  waitForEvent(name: string): EngineTask {
    const key = name.toLowerCase();
    const queue = this.#buffered.get(key);
    if (queue && queue.length > 0) return EngineTask.settled({ ok: true, result: queue.shift() ?? null });
    const task = new EngineTask();
    const stack = this.#waiters.get(key) ?? [];
    stack.push(task);
    this.#waiters.set(key, stack);
    return task;
  }

  raise(event: HistoryEventOf<'EventRaised'>): void {
    if (this.continueInput) {
      this.carried.push(event);
      return;
    }
    const key = event.Name.toLowerCase();
    const waiter = this.#waiters.get(key)?.pop();
    if (waiter) {
      waiter.settle({ ok: true, result: event.Input });
      return;
    }
    const queue = this.#buffered.get(key) ?? [];
    queue.push(event.Input);
    this.#buffered.set(key, queue);
  }

  #record(decision: NewDecision): number {
    const id = this.#nextId;
    this.#nextId += 1;
    this.pending.set(id, { ...decision, id } as Decision);
    return id;
  }
}
