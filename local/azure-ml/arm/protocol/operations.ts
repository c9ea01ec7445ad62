/**
 * Long-running operations: what they do, how they end, and what their pollers see.
 *
 * 1. An operation is InProgress until its work has ended, then Succeeded or Failed for good.
 * 2. What an operation changes is changed in the same turn in which it stops being InProgress.
 * 3. At most MAX_REMEMBERED ended operations are kept, oldest dropped first.
 */
import { randomUUID } from 'node:crypto';
import { type Clock, sleep, systemClock } from '../../../emulator/clock.ts';
import { OperationOrders } from './operation-orders.ts';

const MAX_REMEMBERED = 2000;
/** Processes that do not end are the serving plane's to kill. */
const STOP_LIMIT_MS = 3000;

export type OperationOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface OperationPlan {
  /** For example `PUT /subscriptions/.../onlineEndpoints/flights`; orders match against it. */
  readonly title: string;
  readonly work: (signal: AbortSignal) => Promise<OperationOutcome>;
  /** Applies the outcome to the state; called exactly once. */
  readonly settle: (outcome: OperationOutcome) => void;
  /** What a Location poll answers after success; without it 204. */
  readonly result?: (hasNewerMembers: boolean) => unknown;
}

export interface Operation {
  readonly id: string;
  readonly title: string;
  readonly startedAtMs: number;
  readonly result?: ((hasNewerMembers: boolean) => unknown) | undefined;
  endedAtMs?: number;
  outcome?: OperationOutcome;
}

export interface OperationsOptions {
  readonly clock: Clock;
  /** Shortest time from start to end of any operation. */
  readonly operationDelayMs: number;
}

export class Operations {
  readonly orders = new OperationOrders();
  readonly #options: OperationsOptions;
  readonly #byId = new Map<string, Operation>();
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: OperationsOptions) {
    this.#options = options;
  }

  start(plan: OperationPlan): Operation {
    const operation: Operation = {
      id: randomUUID(),
      title: plan.title,
      startedAtMs: this.#options.clock.nowMs(),
      result: plan.result,
    };
    this.#byId.set(operation.id, operation);
    const run = this.#run(operation, plan).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return operation;
  }

  find(id: string): Operation | undefined {
    return this.#byId.get(id);
  }

  list(): readonly Operation[] {
    return [...this.#byId.values()];
  }

  /** Aborts what runs and waits a little for its end; nothing is settled afterwards. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The Azure ML emulator stops.'));
    const tooLong = new AbortController();
    const limit = sleep(systemClock, STOP_LIMIT_MS, tooLong.signal).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.#running), limit]);
    tooLong.abort();
  }

  async #run(operation: Operation, plan: OperationPlan): Promise<void> {
    const signal = this.#stopping.signal;
    const outcome = await this.#work(plan, signal).catch(internalError);
    if (signal.aborted) return;
    operation.outcome = settled(plan, outcome);
    operation.endedAtMs = this.#options.clock.nowMs();
    this.#forgetOldest();
  }

  async #work(plan: OperationPlan, signal: AbortSignal): Promise<OperationOutcome> {
    const order = this.orders.take(plan.title);
    await sleep(this.#options.clock, Math.max(order?.delayMs ?? 0, this.#options.operationDelayMs), signal);
    return order?.fail ? { ok: false, ...order.fail } : plan.work(signal);
  }

  #forgetOldest(): void {
    if (this.#byId.size <= MAX_REMEMBERED) return;
    const oldest = this.list().find((operation) => operation.outcome !== undefined);
    if (oldest) this.#byId.delete(oldest.id);
  }
}

function settled(plan: OperationPlan, outcome: OperationOutcome): OperationOutcome {
  try {
    plan.settle(outcome);
    return outcome;
  } catch (error) {
    return internalError(error);
  }
}

function internalError(error: unknown): OperationOutcome {
  return { ok: false, code: 'InternalServerError', message: String(error) };
}
