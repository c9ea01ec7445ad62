/** Probe settings decide when an instance is ready and when it is given up, in virtual time. */
import { describe, expect, test } from 'vitest';
import { untilReady, untilUnhealthy } from '../../../../local/azure-ml/serving/instances/probe-until.ts';
import { ManualClock } from '../../../../local/emulator/manual-clock.ts';
import { NEVER } from './serving-fixture.ts';

const SETTINGS = { initialDelayMs: 500, periodMs: 1_000, timeoutMs: 200, successThreshold: 2, failureThreshold: 3 };

/** Each character is one probe: `+` passes, `-` fails; the last one repeats. */
async function run(probing: typeof untilReady | typeof untilUnhealthy, script: string) {
  const clock = new ManualClock(0);
  const probedAtMs: number[] = [];
  const check = async () => {
    const mark = script[Math.min(probedAtMs.length, script.length - 1)];
    probedAtMs.push(clock.nowMs());
    return mark === '+';
  };
  let verdict: unknown = 'undecided';
  probing({ check, settings: SETTINGS, clock, signal: NEVER }).then((decided) => {
    verdict = decided ?? 'lost';
  });
  await clock.advance(60_000);
  return { verdict, probedAtMs };
}

describe('untilReady', () => {
  test.each([
    ['++', 'healthy', [500, 1_500]],
    ['-++', 'healthy', [500, 1_500, 2_500]],
    ['+-++', 'healthy', [500, 1_500, 2_500, 3_500]],
    ['---', 'unhealthy', [500, 1_500, 2_500]],
    ['+-+-+-', 'unhealthy', [500, 1_500, 2_500, 3_500, 4_500, 5_500]],
  ])('%s is %s', async (script, verdict, probedAtMs) => {
    expect(await run(untilReady, script)).toEqual({ verdict, probedAtMs });
  });
});

describe('untilUnhealthy', () => {
  test.each([
    ['---', 'lost'],
    ['+--+---', 'lost'],
    ['--+', 'undecided'],
  ])('%s is %s', async (script, verdict) => {
    expect((await run(untilUnhealthy, script)).verdict).toBe(verdict);
  });
});

test('probing ends with the reason of its signal', async () => {
  const abort = new AbortController();
  const clock = new ManualClock(0);
  const probing = untilReady({ check: async () => false, settings: SETTINGS, clock, signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(probing).rejects.toThrow('enough');
});
