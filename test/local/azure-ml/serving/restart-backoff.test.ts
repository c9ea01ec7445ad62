/** Restarts of an instance that dies again and again come ever later. */
import { expect, test } from 'vitest';
import { RestartBackoff } from '../../../../local/azure-ml/serving/instances/restart-backoff.ts';

test('the first restart is at once, the next ones wait twice as long each, at most 30 seconds', () => {
  const backoff = new RestartBackoff();
  const waits = Array.from({ length: 9 }, () => backoff.next(10));
  expect(waits).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('an instance that lived for a minute starts over', () => {
  const backoff = new RestartBackoff();
  for (let death = 0; death < 4; death++) backoff.next(10);
  expect([backoff.next(60_000), backoff.next(59_999)]).toEqual([0, 1_000]);
});
