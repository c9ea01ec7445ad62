/** When timers run: schedules, past-due runs, retries. */
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import type { FunctionInvoker, InvocationRequest } from '../../../local/functions-host/seams/invocation.ts';
import { parseRetryPolicy, retryDelayMs } from '../../../local/functions-host/triggers/retry-policy.ts';
import { TimerListener } from '../../../local/functions-host/triggers/timer-listener.ts';
import { parseSchedule } from '../../../local/functions-host/triggers/timer-schedule.ts';
import { createMemoryTimerStatus } from '../../../local/functions-host/triggers/timer-status.ts';

const DAY_MS = 86_400_000;

describe('schedules', () => {
  test.each([
    ['0 */5 * * * *', '2026-05-01T10:01:30Z', '2026-05-01T10:05:00.000Z'],
    ['0 */5 * * * *', '2026-05-01T10:05:00Z', '2026-05-01T10:10:00.000Z'],
    ['*/15 * * * * *', '2026-05-01T10:00:00.500Z', '2026-05-01T10:00:15.000Z'],
    ['30 2 * * *', '2026-05-01T03:00:00Z', '2026-05-02T02:30:00.000Z'],
    ['0 0 9-17 * * MON-FRI', '2026-05-01T18:00:00Z', '2026-05-04T09:00:00.000Z'],
    ['0 5/20 * * * *', '2026-05-01T10:06:00Z', '2026-05-01T10:25:00.000Z'],
    // Day of month and weekday must both fit: the next Friday the 13th.
    ['0 0 0 13 * 5', '2026-05-01T00:00:00Z', '2026-11-13T00:00:00.000Z'],
    ['01:30:00', '2026-05-01T10:00:00Z', '2026-05-01T11:30:00.000Z'],
  ])('%s after %s is %s', (text, after, expected) => {
    expect(new Date(parseSchedule(text).nextAfterMs(Date.parse(after)) ?? 0).toISOString()).toBe(expected);
  });

  test.each([
    ['* * *', 'has 3 fields, not 6'],
    ['0 0 0 L * *', '"L" is not a field'],
    ['@daily', 'has 1 fields'],
    ['0 61 * * * *', 'Invalid value for minute'],
  ])('%s is refused', (text, reason) => {
    expect(() => parseSchedule(text)).toThrow(reason);
  });
});

/** What differs from a monitored timer without retries whose runs all succeed. */
interface Special {
  readonly runOnStartup?: boolean;
  readonly unmonitored?: boolean;
  readonly retry?: Readonly<Record<string, unknown>>;
  readonly failures?: number;
}

function createTimer(
  clock: ManualClock,
  schedule: string,
  status = createMemoryTimerStatus(),
  { runOnStartup = false, unmonitored = false, retry, failures = 0 }: Special = {},
) {
  const runs: { atIso: string; payload: { IsPastDue: boolean; ScheduleStatus: unknown } }[] = [];
  const invoker: FunctionInvoker = {
    functions: () => [],
    invoke: async ({ trigger }: InvocationRequest) => {
      runs.push({ atIso: new Date(clock.nowMs()).toISOString(), payload: JSON.parse(trigger.string ?? '{}') });
      return runs.length <= failures ? { ok: false, message: 'no', stack: '' } : { ok: true, outputs: {} };
    },
  };
  const timer = new TimerListener({
    functionName: 'timer',
    schedule: parseSchedule(schedule),
    runOnStartup,
    status: unmonitored ? undefined : status,
    retry: parseRetryPolicy(retry),
    invoker,
    clock,
    log: () => undefined,
  });
  return { timer, runs };
}

describe('a start with a remembered run', () => {
  const START_MS = Date.UTC(2026, 4, 1, 12, 30);

  test('a run that was missed while the host was down happens at once, past due', async () => {
    const status = createMemoryTimerStatus();
    await status.write('timer', {
      lastMs: START_MS - 2 * DAY_MS,
      nextMs: START_MS - DAY_MS,
      updatedMs: START_MS - DAY_MS,
    });
    const clock = new ManualClock(START_MS);
    const { timer, runs } = createTimer(clock, '0 0 * * * *', status);
    timer.start();
    await clock.advance(30 * 60_000);
    await timer.stop();
    expect(runs.map(({ atIso, payload }) => [atIso, payload.IsPastDue])).toEqual([
      ['2026-05-01T12:30:00.000Z', true],
      ['2026-05-01T13:00:00.000Z', false],
    ]);
  });

  test('with runOnStartup a missed run is made up for once', async () => {
    const status = createMemoryTimerStatus();
    await status.write('timer', { lastMs: START_MS - DAY_MS, nextMs: START_MS - 1, updatedMs: START_MS - DAY_MS });
    const clock = new ManualClock(START_MS);
    const { timer, runs } = createTimer(clock, '0 0 * * * *', status, { runOnStartup: true });
    timer.start();
    await clock.advance(60_000);
    await timer.stop();
    expect(runs.map(({ payload }) => payload.IsPastDue)).toEqual([true]);
  });

  test('a timer that is not monitored misses what fell into the time the host was down, and has no status', async () => {
    const status = createMemoryTimerStatus();
    await status.write('timer', { lastMs: START_MS - DAY_MS, nextMs: START_MS - 1, updatedMs: START_MS - DAY_MS });
    const clock = new ManualClock(START_MS);
    const { timer, runs } = createTimer(clock, '0 0 * * * *', status, { unmonitored: true });
    timer.start();
    await clock.advance(30 * 60_000);
    await timer.stop();
    expect(runs.map(({ atIso, payload }) => [atIso, payload.IsPastDue, payload.ScheduleStatus])).toEqual([
      ['2026-05-01T13:00:00.000Z', false, null],
    ]);
  });

  test('a run that is not yet due waits for its time', async () => {
    const status = createMemoryTimerStatus();
    await status.write('timer', { lastMs: START_MS - 1_800_000, nextMs: START_MS + 1_800_000, updatedMs: START_MS });
    const clock = new ManualClock(START_MS);
    const { timer, runs } = createTimer(clock, '0 0 * * * *', status);
    timer.start();
    await clock.advance(29 * 60_000);
    expect(runs).toEqual([]);
    await timer.stop();
  });
});

test('a yearly timer waits for months in pieces and runs on the second', async () => {
  const clock = new ManualClock(Date.UTC(2026, 1, 1));
  const { timer, runs } = createTimer(clock, '0 0 0 1 1 *');
  timer.start();
  await clock.advance(DAY_MS);
  expect((clock.nextDueMs() ?? Number.POSITIVE_INFINITY) - clock.nowMs()).toBeLessThanOrEqual(DAY_MS);
  await clock.advanceTo(Date.UTC(2027, 0, 1));
  await timer.stop();
  expect(runs.map(({ atIso }) => atIso)).toEqual(['2027-01-01T00:00:00.000Z']);
});

test('a stopped timer does not run again', async () => {
  const clock = new ManualClock();
  const { timer, runs } = createTimer(clock, '* * * * * *');
  timer.start();
  await clock.advance(3_000);
  await timer.stop();
  const before = runs.length;
  await clock.advance(10_000);
  expect([before, runs.length]).toEqual([3, 3]);
});

describe('retries', () => {
  const backoff = {
    retryStrategy: 'exponentialBackoff',
    maxRetryCount: 3,
    minimumInterval: { seconds: 5 },
    maximumInterval: { seconds: 8 },
  };

  test.each([
    ['end with the first run that works', backoff, 2, ['12:00:00', '12:00:05', '12:00:13']],
    ['end after the last', backoff, 9, ['12:00:00', '12:00:05', '12:00:13', '12:00:21']],
    [
      'without a limit go on as long as runs fail',
      { retryStrategy: 'fixedDelay', maxRetryCount: -1, delayInterval: { seconds: 20, nanos: 500_000_000 } },
      3,
      ['12:00:00', '12:00:20', '12:00:41', '12:01:01'],
    ],
  ])('%s', async (_case, retry, failures, expected) => {
    const clock = new ManualClock(Date.UTC(2026, 4, 1, 11, 59));
    const { timer, runs } = createTimer(clock, '0 0 12 * * *', undefined, { retry, failures });
    timer.start();
    await clock.advance(5 * 60_000);
    await timer.stop();
    expect(runs.map(({ atIso }) => atIso.slice(11, 19))).toEqual(expected);
  });
});

test('exponential backoff doubles up to its maximum', () => {
  const policy = parseRetryPolicy({
    retryStrategy: 'exponentialBackoff',
    maxRetryCount: 5,
    minimumInterval: { seconds: 5 },
    maximumInterval: { seconds: 30 },
  });
  expect(policy && [1, 2, 3, 4, 5].map((retry) => retryDelayMs(policy, retry))).toEqual([
    5000, 10000, 20000, 30000, 30000,
  ]);
});
