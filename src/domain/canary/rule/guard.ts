/** Guards without statistics: what no rollout may go on with, whatever the evidence says. */
import type { TrafficBucket } from '../traffic-buckets.ts';
import type { RuleOptions } from './rule-options.ts';
import type { GuardState } from './rule-state.ts';

/** Failures in a row, without one success, that end a rollout while blue answers. */
const FAILED_IN_A_ROW = 20;

export interface GuardFinding {
  readonly kind: 'rollback' | 'hold';
  readonly guard: 'crash-loop' | 'no-success' | 'telemetry-lost' | 'no-blue-requests';
  readonly sentence: string;
}

export function watchGuard(guard: GuardState, { green, blue }: TrafficBucket): GuardState {
  const silent = green.requests === 0;
  const succeeded = green.errors < green.requests;
  return {
    silentLooks: silent ? guard.silentLooks + 1 : 0,
    silentWhileBlueServed: silent ? guard.silentWhileBlueServed + (blue.requests > 0 ? 1 : 0) : 0,
    blueSilentLooks: blue.requests === 0 && !silent ? guard.blueSilentLooks + 1 : 0,
    failedInARow: succeeded ? 0 : guard.failedInARow + green.requests,
    blueSuccesses: succeeded ? 0 : guard.blueSuccesses + blue.requests - blue.errors,
  };
}

/** A shared outage, in which blue has no success either, is not green's fault: it is left to the comparison. */
export function guardFinding(guard: GuardState, options: RuleOptions, crashLooping: boolean): GuardFinding | null {
  if (crashLooping) {
    return { kind: 'rollback', guard: 'crash-loop', sentence: "Green's processes keep dying and being restarted." };
  }
  if (guard.failedInARow >= FAILED_IN_A_ROW && guard.blueSuccesses > 0) {
    const sentence = `Green answered none of its last ${guard.failedInARow} requests, while blue answered ${guard.blueSuccesses}.`;
    return { kind: 'rollback', guard: 'no-success', sentence };
  }
  return silence(guard, options);
}

function silence(guard: GuardState, options: RuleOptions): GuardFinding | null {
  const { holdAfterSilentLooks, rollbackAfterSilentLooks } = options;
  if (rollbackAfterSilentLooks !== null && guard.silentWhileBlueServed >= rollbackAfterSilentLooks) {
    const sentence = `No request of green is known from ${guard.silentLooks} buckets in a row, while blue's are: without data green cannot be trusted.`;
    return { kind: 'rollback', guard: 'telemetry-lost', sentence };
  }
  if (guard.silentLooks >= holdAfterSilentLooks) {
    const sentence = `No request of green is known from ${guard.silentLooks} buckets in a row: nothing moves until there is data.`;
    return { kind: 'hold', guard: 'telemetry-lost', sentence };
  }
  if (guard.blueSilentLooks >= holdAfterSilentLooks) {
    const sentence = `Blue had no request in ${guard.blueSilentLooks} buckets in a row: green has nothing to be compared with.`;
    return { kind: 'hold', guard: 'no-blue-requests', sentence };
  }
  return null;
}
