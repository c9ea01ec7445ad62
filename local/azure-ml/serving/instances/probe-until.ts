/** Repeats a probe by its settings until it has decided: readiness ends with either answer, liveness only with failure. */
import { type Clock, sleep } from '../../../emulator/clock.ts';
import type { ProbeSettings } from '../../seams/serving-plane.ts';

export type ProbeVerdict = 'healthy' | 'unhealthy';

interface Probing {
  /** Resolves to true when the instance answered in time. Never rejects. */
  readonly check: (timeoutMs: number) => Promise<boolean>;
  readonly settings: ProbeSettings;
  readonly clock: Clock;
  /** Ends the probing: the promise rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/**
 * Healthy after `successThreshold` successes in a row, unhealthy after `failureThreshold` failures altogether:
 * an instance that flaps must not be able to stay undecided for ever.
 */
export async function untilReady({ check, settings, clock, signal }: Probing): Promise<ProbeVerdict> {
  let successes = 0;
  let failures = 0;
  await sleep(clock, settings.initialDelayMs, signal);
  for (;;) {
    const startedAtMs = clock.nowMs();
    if (await check(settings.timeoutMs)) successes += 1;
    else [successes, failures] = [0, failures + 1];
    signal.throwIfAborted();
    if (successes >= settings.successThreshold) return 'healthy';
    if (failures >= settings.failureThreshold) return 'unhealthy';
    await sleep(clock, restOfPeriodMs(settings, startedAtMs, clock), signal);
  }
}

/** Resolves when `failureThreshold` probes in a row have failed. */
export async function untilUnhealthy({ check, settings, clock, signal }: Probing): Promise<void> {
  let failures = 0;
  await sleep(clock, settings.initialDelayMs, signal);
  while (failures < settings.failureThreshold) {
    const startedAtMs = clock.nowMs();
    failures = (await check(settings.timeoutMs)) ? 0 : failures + 1;
    signal.throwIfAborted();
    if (failures < settings.failureThreshold) {
      await sleep(clock, restOfPeriodMs(settings, startedAtMs, clock), signal);
    }
  }
}

function restOfPeriodMs(settings: ProbeSettings, startedAtMs: number, clock: Clock): number {
  return Math.max(0, startedAtMs + settings.periodMs - clock.nowMs());
}
