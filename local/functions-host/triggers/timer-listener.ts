/**
 * Runs one timer function on its schedule.
 *
 * 1. One scheduled run at a time; occurrences that pass during a run are skipped.
 * 2. A run that was missed while the host was down starts at once, marked past due; otherwise `runOnStartup` starts one.
 * 3. After `stop` nothing starts any more; a run under way is waited for.
 * (Azure Functions documentation, "Timer trigger for Azure Functions".)
 */
import { type Clock, sleep } from '../../emulator/clock.ts';
import type { Listener } from '../bindings/listener.ts';
import type { HostLog } from '../seams/host-log.ts';
import type { FunctionInvoker, InvocationOutcome } from '../seams/invocation.ts';
import { messageOf } from '../seams/start-failure.ts';
import { invokeWithRetry, type RetryPolicy } from './retry-policy.ts';
import type { TimerSchedule } from './timer-schedule.ts';
import type { TimerStatus, TimerStatusStore } from './timer-status.ts';

/** Longer waits are made of pieces: a process timer cannot wait for more than 24.8 days. */
const LONGEST_WAIT_MS = 24 * 3_600_000;
const NEVER = '0001-01-01T00:00:00';

export interface TimerListenerOptions {
  readonly functionName: string;
  readonly schedule: TimerSchedule;
  readonly runOnStartup: boolean;
  /** Absent when the timer is not monitored. */
  readonly status: TimerStatusStore | undefined;
  readonly retry: RetryPolicy | undefined;
  readonly invoker: FunctionInvoker;
  readonly clock: Clock;
  readonly log: HostLog;
}

export class TimerListener implements Listener {
  readonly functionName: string;
  readonly #options: TimerListenerOptions;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(options: TimerListenerOptions) {
    this.functionName = options.functionName;
    this.#options = options;
  }

  start(): void {
    const { functionName, log } = this.#options;
    this.#loop = this.#run().catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) log('error', `Timer ${functionName} has stopped: ${messageOf(error)}.`);
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The host is stopping.'));
    await this.#loop;
  }

  /** A run on demand, beside the schedule. */
  runNow(): Promise<InvocationOutcome> {
    return this.#invoke(false, undefined);
  }

  async #run(): Promise<void> {
    const { clock, schedule } = this.#options;
    let status = await this.#startUp();
    for (;;) {
      const nextMs = schedule.nextAfterMs(clock.nowMs());
      if (nextMs === undefined) return;
      status = await this.#remember({ lastMs: status?.lastMs, nextMs, updatedMs: clock.nowMs() });
      await this.#waitUntil(nextMs);
      await this.#invoke(false, status);
      status = { lastMs: nextMs, nextMs, updatedMs: clock.nowMs() };
    }
  }

  async #startUp(): Promise<TimerStatus | undefined> {
    const { functionName, clock, log, runOnStartup } = this.#options;
    const status = await this.#options.status?.read(functionName);
    const isPastDue = status !== undefined && this.#expectedMs(status) < clock.nowMs();
    if (isPastDue) log('information', `Timer ${functionName} missed a run while the host was down. Running it now.`);
    if (!isPastDue && !runOnStartup) return status;
    const startedMs = clock.nowMs();
    await this.#invoke(isPastDue, status);
    return { lastMs: startedMs, nextMs: startedMs, updatedMs: startedMs };
  }

  /** A schedule that was changed while the host was down counts from the last run, not from the old next one. */
  #expectedMs(status: TimerStatus): number {
    const afterMs = status.lastMs ?? status.updatedMs;
    return this.#options.schedule.nextAfterMs(afterMs) ?? Number.POSITIVE_INFINITY;
  }

  async #remember(status: TimerStatus): Promise<TimerStatus> {
    await this.#options.status?.write(this.#options.functionName, status);
    return status;
  }

  async #waitUntil(atMs: number): Promise<void> {
    const { clock } = this.#options;
    for (let leftMs = atMs - clock.nowMs(); leftMs > 0; leftMs = atMs - clock.nowMs()) {
      await sleep(clock, Math.min(leftMs, LONGEST_WAIT_MS), this.#stopping.signal);
    }
    this.#stopping.signal.throwIfAborted();
  }

  #invoke(isPastDue: boolean, status: TimerStatus | undefined): Promise<InvocationOutcome> {
    const { functionName, invoker, clock, retry } = this.#options;
    const trigger = { string: JSON.stringify(this.#payload(isPastDue, status)) };
    return invokeWithRetry(
      retry,
      (retryContext) => invoker.invoke({ functionName, trigger, ...(retryContext ? { retryContext } : {}) }),
      clock,
      this.#stopping.signal,
    );
  }

  #payload(isPastDue: boolean, status: TimerStatus | undefined): object {
    const isMonitored = this.#options.status !== undefined;
    return {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: isMonitored && status ? describeStatus(status) : null,
      IsPastDue: isPastDue,
    };
  }
}

function describeStatus(status: TimerStatus): object {
  return {
    Last: status.lastMs === undefined ? NEVER : new Date(status.lastMs).toISOString(),
    Next: new Date(status.nextMs).toISOString(),
    LastUpdated: new Date(status.updatedMs).toISOString(),
  };
}
