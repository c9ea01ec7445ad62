/**
 * Takes each instance's mail in turns.
 *
 * 1. One turn per instance at a time, under the instance's lock; different instances side by side, up to a limit.
 * 2. What a turn sends is delivered only after its commit.
 * 3. A turn that fails for the host's reasons gives its mail back and is tried again, later and later.
 */
import { type Clock, sleep } from '../../../emulator/clock.ts';
import type { DurableLog } from '../../seams/durable-host.ts';
import { InstanceCache, type InstanceState } from '../store/instance-state.ts';
import type { EventMessage, Message } from '../store/message.ts';
import { CorruptHistory, isFinished, StaleTurnError, type TaskHubStore } from '../store/task-hub-store.ts';
import { failurePlan } from '../turn/failure-plan.ts';
import { commitTurn, leftoverIds, removeRemains, stampMessages, writeRecord } from './commit-turn.ts';
import type { KeyedMutex } from './keyed-mutex.ts';
import { Limiter } from './limiter.ts';
import type { Mailboxes } from './mailboxes.ts';
import { isEntity, planTurn, type TurnTools } from './plan-turn.ts';
import type { Sequencer } from './sequencer.ts';
import type { WorkGauge } from './work-gauge.ts';

/** Bounded by what one atomic change of the message table can remove again. */
const MOST_MESSAGES_PER_TURN = 64;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

export interface TurnLoopParts {
  readonly store: TaskHubStore;
  readonly clock: Clock;
  readonly log: DurableLog;
  readonly tools: TurnTools;
  readonly mailboxes: Mailboxes;
  readonly sequencer: Sequencer;
  readonly locks: KeyedMutex;
  readonly gauge: WorkGauge;
  readonly deliver: (message: Message) => void;
  readonly maxConcurrentTurns: number;
  readonly stopping: AbortSignal;
}

export class TurnLoop {
  readonly #parts: TurnLoopParts;
  readonly #cache: InstanceCache;
  readonly #limiter: Limiter;
  readonly #awake = new Set<string>();
  readonly #retryMs = new Map<string, number>();
  readonly #orphans = new Map<string, readonly Message[]>();

  constructor(parts: TurnLoopParts) {
    this.#parts = parts;
    this.#cache = new InstanceCache(parts.store);
    this.#limiter = new Limiter(parts.maxConcurrentTurns);
  }

  /** Starts taking the instance's mail unless that is under way or put off after a failure. */
  wake(instanceId: string): void {
    const { stopping, gauge } = this.#parts;
    if (this.#awake.has(instanceId) || stopping.aborted) return;
    this.#awake.add(instanceId);
    void gauge.track(() => this.#drain(instanceId));
  }

  /** To be called under the instance's lock after something else has changed its stored history. */
  forget(instanceId: string): void {
    this.#cache.forget(instanceId);
  }

  /** Ends an instance as Failed; to be called under its lock. False when it had ended before. */
  async fail(instanceId: string, reason: string): Promise<boolean> {
    const { clock, log } = this.#parts;
    const state = await this.#loadReadable(instanceId);
    if (state?.checkpoint && isFinished(state.checkpoint.status)) return false;
    log('error', `Instance '${instanceId}' fails: ${reason}`);
    const nowMs = clock.nowMs();
    const plan = state && failurePlan(state, reason, nowMs);
    if (plan) {
      const turn = Math.max((state.checkpoint?.turn ?? 0) + 1, nowMs);
      await this.#commit({ state, plan, turn, nowMs, consumedIds: [] });
    } else {
      await this.#markFailed(instanceId, reason);
    }
    return true;
  }

  /** Undefined when the stored history cannot be read. */
  async #loadReadable(instanceId: string): Promise<InstanceState | undefined> {
    try {
      return await this.#cache.load(instanceId);
    } catch (error) {
      if (error instanceof CorruptHistory) return undefined;
      throw error;
    }
  }

  async #markFailed(instanceId: string, reason: string): Promise<void> {
    const { store, clock } = this.#parts;
    const nowMs = clock.nowMs();
    await store.changeInstance(instanceId, {
      status: 'Failed',
      output: reason,
      lastUpdatedMs: nowMs,
      completedMs: nowMs,
    });
  }

  async #drain(instanceId: string): Promise<void> {
    while (this.#parts.mailboxes.hasDue(instanceId) && !this.#parts.stopping.aborted) {
      const done = await this.#limiter.run(() => this.#parts.locks.run(instanceId, () => this.#tryTurn(instanceId)));
      if (!done) return this.#putOff(instanceId);
      this.#retryMs.delete(instanceId);
    }
    this.#awake.delete(instanceId);
  }

  /** The instance stays marked as awake, so that new mail does not shorten the wait. */
  #putOff(instanceId: string): void {
    const retryMs = this.#retryMs.get(instanceId) ?? FIRST_RETRY_MS;
    this.#retryMs.set(instanceId, Math.min(retryMs * 2, LONGEST_RETRY_MS));
    const cancel = this.#parts.clock.after(retryMs, () => {
      this.#parts.stopping.removeEventListener('abort', cancel);
      this.#awake.delete(instanceId);
      this.wake(instanceId);
    });
    this.#parts.stopping.addEventListener('abort', cancel, { once: true });
  }

  async #tryTurn(instanceId: string): Promise<boolean> {
    const { mailboxes, log, stopping } = this.#parts;
    if (stopping.aborted) return true;
    const batch = mailboxes.take(instanceId, this.#batchSize(instanceId));
    try {
      await this.#turn(instanceId, batch);
      return true;
    } catch (error) {
      if (error instanceof CorruptHistory) return this.#giveUp(instanceId, batch, error);
      mailboxes.giveBack(instanceId, batch);
      this.#cache.forget(instanceId);
      if (stopping.aborted) return true;
      const level = error instanceof StaleTurnError ? 'warning' : 'error';
      log(level, `A turn of '${instanceId}' could not be finished and will be repeated: ${String(error)}`);
      return false;
    }
  }

  /** An instance whose history cannot be read ends; the others go on. */
  async #giveUp(instanceId: string, batch: readonly EventMessage[], error: CorruptHistory): Promise<boolean> {
    const { store, log } = this.#parts;
    log('error', `Instance '${instanceId}' fails because its stored history cannot be read: ${error.message}`);
    await this.#persist(instanceId, async () => {
      await this.#markFailed(instanceId, error.message);
      await store.changeMessages({ instanceId, put: [], remove: batch.map((message) => message.id) });
    });
    return true;
  }

  #batchSize(instanceId: string): number {
    const { maxOperationBatchSize } = this.#parts.tools;
    return isEntity(instanceId) ? Math.min(maxOperationBatchSize, MOST_MESSAGES_PER_TURN) : MOST_MESSAGES_PER_TURN;
  }

  async #turn(instanceId: string, batch: readonly EventMessage[]): Promise<void> {
    const { store, clock, tools } = this.#parts;
    const state = await this.#cache.load(instanceId);
    const consumedBefore = new Set(leftoverIds(state));
    const fresh = batch.filter((message) => !consumedBefore.has(message.id));
    const nowMs = clock.nowMs();
    const turn = Math.max((state.checkpoint?.turn ?? 0) + 1, nowMs, this.#lastAttempt(instanceId) + 1);
    const plan = await planTurn(tools, { state, batch: fresh, turn, nowMs });
    if (this.#parts.stopping.aborted) throw new Error('The host is stopping.');
    if (!plan) {
      await store.changeMessages({ instanceId, put: [], remove: batch.map((message) => message.id) });
      this.#cache.remember(state);
      return;
    }
    await this.#commit({ state, plan, turn, nowMs, consumedIds: batch.map((message) => message.id) });
  }

  async #commit(turn: Omit<Parameters<typeof commitTurn>[1], 'orphans'>): Promise<void> {
    const { store, sequencer, deliver } = this.#parts;
    const { instanceId } = turn.state;
    const sent = stampMessages(turn, sequencer);
    const orphans = this.#orphans.get(instanceId) ?? [];
    this.#orphans.set(instanceId, [...orphans, ...sent]);
    const committed = await commitTurn(store, { ...turn, orphans }, sent).catch((error: unknown) =>
      this.#recognise(instanceId, turn.turn, sent, error),
    );
    this.#orphans.delete(instanceId);
    this.#cache.remember(committed.state);
    for (const message of committed.sent) deliver(message);
    await this.#persist(instanceId, () => writeRecord(store, turn.state, turn.plan));
    const timers = this.#withdrawTimers(committed.state);
    await this.#persist(instanceId, () => removeRemains(store, committed.state, timers));
  }

  /** After the commit the turn must not be repeated: what follows it is tried until it works or the host ends. */
  async #persist(instanceId: string, write: () => Promise<void>): Promise<void> {
    const { clock, stopping, log } = this.#parts;
    for (let retryMs = FIRST_RETRY_MS; !stopping.aborted; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
      try {
        return await write();
      } catch (error) {
        log('error', `The record of '${instanceId}' was not written and will be tried again: ${String(error)}`);
        await sleep(clock, retryMs, stopping).catch(() => {});
      }
    }
  }

  /** A write may have worked although its answer was lost; then the turn is committed and must not be repeated. */
  async #recognise(instanceId: string, turn: number, sent: readonly Message[], error: unknown) {
    const loaded = await this.#parts.store.readHistory(instanceId);
    if (loaded?.checkpoint.turn !== turn) throw error;
    const { checkpoint, tag, events } = loaded;
    return { state: { instanceId, checkpoint, tag, events }, sent };
  }

  /** Timers of an execution that is over can reach nobody any more. */
  #withdrawTimers({ instanceId, checkpoint }: InstanceState): string[] {
    if (!checkpoint || checkpoint.status === 'Running' || checkpoint.status === 'Suspended') return [];
    return this.#parts.mailboxes.withdrawLater(instanceId, checkpoint.executionId);
  }

  #lastAttempt(instanceId: string): number {
    return Math.max(0, ...(this.#orphans.get(instanceId) ?? []).map((message) => message.origin?.turn ?? 0));
  }
}
