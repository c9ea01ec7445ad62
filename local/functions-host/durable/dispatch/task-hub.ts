/** Puts the parts of a running task hub together: store, mailboxes, turns, activities. */
import type { Clock } from '../../../emulator/clock.ts';
import type { DurableLog } from '../../seams/durable-host.ts';
import type { FunctionInvoker } from '../../seams/invocation.ts';
import type { DurableOptions } from '../seams/durable-options.ts';
import { FunctionRegistry } from '../seams/function-registry.ts';
import type { Message } from '../store/message.ts';
import type { CorruptMessage, InstancePage, InstanceQuery, TaskHubStore } from '../store/task-hub-store.ts';
import type { MessageDraft } from '../turn/turn-plan.ts';
import { ActivityWorker } from './activity-worker.ts';
import { KeyedMutex } from './keyed-mutex.ts';
import { Mailboxes } from './mailboxes.ts';
import { isEntity } from './plan-turn.ts';
import { recoverMessages } from './recovery.ts';
import { Sequencer } from './sequencer.ts';
import { TurnLoop } from './turn-loop.ts';
import { WorkGauge } from './work-gauge.ts';

export interface TaskHubParts {
  readonly store: TaskHubStore;
  readonly clock: Clock;
  readonly log: DurableLog;
  readonly invoker: FunctionInvoker;
  readonly options: DurableOptions;
  /** Makes an id of 32 hex digits that was never made before. */
  readonly newId: () => string;
}

export class TaskHub {
  readonly store: TaskHubStore;
  readonly clock: Clock;
  readonly options: DurableOptions;
  readonly registry: FunctionRegistry;
  readonly newId: () => string;
  readonly #log: DurableLog;
  readonly #stopping = new AbortController();
  readonly #locks = new KeyedMutex();
  readonly #turnGauge = new WorkGauge();
  readonly #activityGauge = new WorkGauge();
  readonly #sequencer = new Sequencer();
  readonly #mailboxes: Mailboxes;
  readonly #turns: TurnLoop;
  readonly #activities: ActivityWorker;

  constructor({ store, clock, log, invoker, options, newId }: TaskHubParts) {
    this.store = store;
    this.clock = clock;
    this.options = options;
    this.newId = newId;
    this.#log = log;
    this.registry = new FunctionRegistry(invoker);
    this.#mailboxes = new Mailboxes(clock, (instanceId) => this.#turns.wake(instanceId));
    const { limits, defaultVersion, maxOperationBatchSize, maxConcurrentActivities, maxConcurrentTurns } = options;
    const shared = {
      store,
      clock,
      log,
      invoker,
      registry: this.registry,
      sequencer: this.#sequencer,
      deliver: (message: Message) => this.#deliver(message),
      stopping: this.#stopping.signal,
    };
    const tools = { invoker, registry: this.registry, limits, defaultVersion, maxOperationBatchSize };
    const [locks, mailboxes] = [this.#locks, this.#mailboxes];
    this.#turns = new TurnLoop({ ...shared, tools, locks, mailboxes, gauge: this.#turnGauge, maxConcurrentTurns });
    this.#activities = new ActivityWorker({ ...shared, gauge: this.#activityGauge, maxConcurrentActivities });
  }

  async start(): Promise<void> {
    await this.store.open();
    void this.store.lost?.then((reason) => this.#standDown(reason));
    try {
      const { toDeliver, corrupt } = await recoverMessages(this.store);
      const failed = new Set<string>();
      for (const one of corrupt) if (await this.#giveUpOn(one)) failed.add(one.instanceId);
      for (const message of toDeliver) {
        if (failed.has(message.instanceId)) await this.#discard(message);
        else this.#deliver(message);
      }
    } catch (error) {
      await this.store.close();
      throw error;
    }
  }

  /** Stores a message, then delivers it: once this resolves it survives the host. */
  async post(draft: MessageDraft): Promise<void> {
    const message = this.#sequencer.stamp(draft, this.clock.nowMs(), null);
    const { instanceId, id } = message;
    try {
      await this.store.changeMessages({ instanceId, put: [message], remove: [] });
    } catch (error) {
      // The write may have worked: what the client is told has failed must not come alive at the next start.
      await this.store.changeMessages({ instanceId, put: [], remove: [id] }).catch(() => {});
      throw error;
    }
    this.#deliver(message);
  }

  /** Rows that cannot be read are left out and reported in the log. */
  async listInstances(query: InstanceQuery): Promise<InstancePage> {
    const page = await this.store.listInstances(query);
    for (const problem of page.problems ?? []) this.reportLeftOut(problem);
    return page;
  }

  reportLeftOut(problem: string): void {
    this.#log('error', `${problem} It is left out of the list.`);
  }

  /** Runs `job` while no turn of the instance runs. */
  exclusively<T>(instanceId: string, job: () => Promise<T>): Promise<T> {
    return this.#turnGauge.track(() => this.#locks.run(instanceId, job));
  }

  /** Removes every trace of the instance; to be called exclusively. */
  async purge(instanceId: string): Promise<void> {
    this.#mailboxes.withdrawLater(instanceId);
    this.#turns.forget(instanceId);
    await this.store.purge(instanceId);
  }

  /** To be called exclusively after the stored history was changed by other means than a turn. */
  forget(instanceId: string): void {
    this.#turns.forget(instanceId);
  }

  /** Resolves when no turn and no activity is under way; what waits for its time does not count. */
  async whenIdle(): Promise<void> {
    while (this.#turnGauge.busy || this.#activityGauge.busy) {
      await Promise.all([this.#turnGauge.whenIdle(), this.#activityGauge.whenIdle()]);
    }
  }

  /** Takes no more work and waits for the turns under way; activities under way run again after the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The host is stopping.'));
    this.#mailboxes.clear();
    await this.#turnGauge.whenIdle();
    await this.store.close();
  }

  /**
   * True when the message's instance had to fail. An entity has no end and goes on without the message; then, and when
   * the instance had ended before, the row stays until somebody has seen to it.
   */
  async #giveUpOn({ instanceId, id, problem }: CorruptMessage): Promise<boolean> {
    const reason = `${problem} The instance cannot go on; purge it, or start it anew.`;
    const failed =
      !isEntity(instanceId) && (await this.exclusively(instanceId, () => this.#turns.fail(instanceId, reason)));
    if (failed) await this.store.changeMessages({ instanceId, put: [], remove: [id] });
    else this.#log('error', `${problem} '${instanceId}' goes on without it. Repair or delete the row.`);
    return failed;
  }

  async #discard({ instanceId, id }: Message): Promise<void> {
    await this.store.changeMessages({ instanceId, put: [], remove: [id] });
  }

  #standDown(reason: string): void {
    this.#log('error', reason);
    this.#stopping.abort(new Error(reason));
    this.#mailboxes.clear();
  }

  #deliver(message: Message): void {
    if (this.#stopping.signal.aborted) return;
    if (message.kind === 'activity') this.#activities.accept(message);
    else this.#mailboxes.deliver(message);
  }
}
