/** The pacer in virtual time, and the sums over answers. */
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { percentile, summarize } from '../../../local/traffic/answer-record.ts';
import { startPacer } from '../../../local/traffic/pacer.ts';

describe('pacer', () => {
  test('40 a second gives a call every 25 ms until the duration is over', async () => {
    const clock = new ManualClock(0);
    const dues: number[] = [];
    startPacer(clock, { ratePerSecond: 40, maxDurationMs: 1000 }, (dueAtMs) => dues.push(dueAtMs));
    await clock.advance(5000);
    expect(dues).toHaveLength(40);
    expect(dues.slice(0, 3)).toEqual([0, 25, 50]);
    expect(clock.nextDueMs()).toBeUndefined();
  });

  test('calls that a late timer missed are made up for at once, with the time at which they were due', () => {
    let nowMs = 0;
    let wake = () => {};
    const late = {
      nowMs: () => nowMs,
      after: (_delayMs: number, task: () => void) => {
        wake = task;
        return () => {};
      },
    };
    const dues: number[] = [];
    startPacer(late, { ratePerSecond: 100, maxDurationMs: 1000 }, (dueAtMs) => dues.push(dueAtMs));
    nowMs = 45;
    wake();
    expect(dues).toEqual([0, 10, 20, 30, 40]);
  });

  test('nothing is called after the stop', async () => {
    const clock = new ManualClock(0);
    let calls = 0;
    const stop = startPacer(clock, { ratePerSecond: 10, maxDurationMs: 1000 }, () => {
      calls += 1;
    });
    await clock.advance(250);
    stop();
    await clock.advance(2000);
    expect(calls).toBe(3);
  });
});

describe('sums over answers', () => {
  test.each([
    [[], 95, null],
    [[7], 95, 7],
    [[1, 2, 3, 4], 50, 2],
    [Array.from({ length: 100 }, (_, index) => index + 1), 95, 95],
  ])('percentile of %j at %d', (values, percent, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });

  test('no answers give no percentiles and no distance', () => {
    expect(summarize([])).toEqual({ requests: 0, errors: 0, p50Ms: null, p95Ms: null, meanAbsoluteError: null });
  });
});
