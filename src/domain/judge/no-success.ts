/**
 * The guard without statistics: a green that never answers while blue does is rolled back at once, in the warm-up too.
 */
import { count } from '../text/numbers.ts';
import type { TrafficBucket } from './reading/traffic-bucket.ts';

export interface FailureCounts {
  /** Green's requests since its last success. */
  readonly failedInARow: number;
  /** Blue's successes in the same buckets. */
  readonly blueSuccesses: number;
}

export const NO_FAILURES: FailureCounts = { failedInARow: 0, blueSuccesses: 0 };

/** Failures in a row, without one success, that end a rollout while blue answers. */
const FAILED_IN_A_ROW = 20;

export function watchFailures(seen: FailureCounts, { green, blue }: TrafficBucket): FailureCounts {
  if (green.errors < green.requests) return NO_FAILURES;
  return {
    failedInARow: seen.failedInARow + green.requests,
    blueSuccesses: seen.blueSuccesses + blue.requests - blue.errors,
  };
}

/** A shared outage, in which blue has no success either, is not green's fault: it is left to the comparison. */
export function neverSucceeds({ failedInARow, blueSuccesses }: FailureCounts): boolean {
  return failedInARow >= FAILED_IN_A_ROW && blueSuccesses > 0;
}

export function noSuccessSentence({ failedInARow, blueSuccesses }: FailureCounts): string {
  const ofGreen = `Green answered none of its last ${count(failedInARow)} requests`;
  return `${ofGreen}, while blue answered ${count(blueSuccesses)}.`;
}
