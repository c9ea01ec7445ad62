/**
 * Fires schedules at their times, and on demand.
 *
 * 1. A disabled, deleted or replaced schedule fires no more; a changed one fires by its new trigger.
 * 2. The last MAX_RUNS runs are kept, of all schedules together.
 * 3. After `stop` nothing fires, and nothing that fired before still runs.
 */
import type { Cancel, Clock } from '../../../emulator/clock.ts';
import type { InputContext } from '../data/read-input.ts';
import type { MonitorRun } from '../run/monitor-run.ts';
import { runMonitor } from '../run/run-monitor.ts';
import type { RunRecorder } from '../run/run-recorder.ts';
import { nextFiringMs } from './next-firing.ts';
import type { Schedule } from './schedule-store.ts';

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly input: InputContext;
  readonly recorder: RunRecorder;
}

const MAX_RUNS = 500;
/** Timers of the runtime hold at most 24.8 days. */
const MAX_WAIT_MS = 86_400_000;

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #timers = new Map<Schedule, Cancel>();
  readonly #running = new Set<Promise<MonitorRun>>();
  #runs: MonitorRun[] = [];
  #sequence = 0;
  #stopped = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Follows the schedule's trigger from now on. */
  plan(schedule: Schedule): void {
    this.unplan(schedule);
    const { isEnabled, trigger } = schedule.properties;
    if (!isEnabled || this.#stopped) return;
    const nowMs = this.#options.clock.nowMs();
    const atMs = nextFiringMs(trigger, schedule.createdAtMs, nowMs);
    if (atMs !== undefined) this.#wait(schedule, atMs);
  }

  unplan(schedule: Schedule): void {
    this.#timers.get(schedule)?.();
    this.#timers.delete(schedule);
  }

  /** Fires now, also when disabled, as "Run" in the studio does; resolves with the run when it has ended. */
  fire(schedule: Schedule): Promise<MonitorRun> {
    const run = this.#fire(schedule).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return run;
  }

  /** Oldest first; a run appears when it begins. */
  runsOf(schedule: Schedule): readonly MonitorRun[] {
    return this.#runs.filter((run) => run.schedule === schedule.name);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    await Promise.all(this.#running);
  }

  #wait(schedule: Schedule, atMs: number): void {
    const { clock } = this.#options;
    const waitMs = Math.min(MAX_WAIT_MS, Math.max(0, atMs - clock.nowMs()));
    const cancel = clock.after(waitMs, () => {
      if (clock.nowMs() < atMs) return this.#wait(schedule, atMs);
      this.plan(schedule);
      void this.fire(schedule);
    });
    this.#timers.set(schedule, cancel);
  }

  async #fire(schedule: Schedule): Promise<MonitorRun> {
    const firedAtMs = this.#options.clock.nowMs();
    const runName = this.#runName(schedule, firedAtMs);
    const begun: MonitorRun = { name: runName, schedule: schedule.name, firedAtMs, state: 'Running', signals: [] };
    this.#keep(begun);
    const ended = await this.#run(schedule, begun);
    this.#runs = this.#runs.map((run) => (run === begun ? ended : run));
    return ended;
  }

  async #run(schedule: Schedule, begun: MonitorRun): Promise<MonitorRun> {
    const { input, recorder } = this.#options;
    const { action } = schedule.properties;
    try {
      if (action.actionType === 'CreateMonitor') {
        const { name: runName, firedAtMs } = begun;
        const definition = action.monitorDefinition;
        return await runMonitor(input, recorder, { runName, schedule: schedule.name, firedAtMs, definition });
      }
      if (action.actionType === 'CreateJob') recorder.submit(begun.name, action.jobDefinition);
      return { ...begun, state: 'Completed' };
    } catch (error) {
      return { ...begun, state: 'Failed', error: String(error) };
    }
  }

  /** The service appends a time too; the number keeps two runs of one second apart. */
  #runName(schedule: Schedule, firedAtMs: number): string {
    this.#sequence += 1;
    const time = new Date(firedAtMs).toISOString().replace(/[-:]/g, '').slice(0, 15);
    return `${schedule.name.slice(0, 200)}-${time}-${this.#sequence}`;
  }

  #keep(run: MonitorRun): void {
    this.#runs.push(run);
    if (this.#runs.length > MAX_RUNS) this.#runs.shift();
  }
}
