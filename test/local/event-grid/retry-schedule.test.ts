/** When a failed delivery is tried again, and when it is given up. */
import { expect, test } from 'vitest';
import { afterFailure, outcomeOf } from '../../../local/event-grid/retry-schedule.ts';

const busy = { status: 500, outcome: 'Busy' } as const;

test('an endpoint that keeps failing is tried after the documented waits', () => {
  const waitsSeconds = Array.from({ length: 12 }, (_, index) => {
    const next = afterFailure(busy, index + 1, 30, 0);
    return next.type === 'retry' ? next.delayMs / 1000 : undefined;
  });
  expect(waitsSeconds).toEqual([10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 43_200, 43_200]);
});

test('jitter adds at most a tenth', () => {
  expect(afterFailure(busy, 1, 30, 0.999)).toEqual({ type: 'retry', delayMs: expect.closeTo(10_999, 0) });
});

test.each([
  [408, 120_000],
  [503, 30_000],
  [404, 10_000],
])('status %d waits at least %d ms', (status, delayMs) => {
  expect(afterFailure({ status, outcome: outcomeOf(status) }, 1, 30, 0)).toEqual({ type: 'retry', delayMs });
});

test.each([400, 401, 403, 413])('status %d is final at the first attempt', (status) => {
  expect(afterFailure({ status, outcome: outcomeOf(status) }, 1, 30, 0).type).toBe('give-up');
});

test('the last allowed attempt is the end', () => {
  expect(afterFailure(busy, 2, 3, 0).type).toBe('retry');
  expect(afterFailure(busy, 3, 3, 0)).toEqual({ type: 'give-up', reason: 'MaxDeliveryAttemptsExceeded' });
});

test('only 200 to 204 count as delivered', () => {
  expect([200, 202, 204, 205, 302, 404, 500].map(outcomeOf)).toEqual([
    'Delivered',
    'Delivered',
    'Delivered',
    'Busy',
    'Busy',
    'NotFound',
    'Busy',
  ]);
});
