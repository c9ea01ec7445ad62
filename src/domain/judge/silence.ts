/** Silence is no good news: first nothing moves, then green is rolled back; each with its cause. Decided here alone. */
import type { NoDataCause } from './decision.ts';
import type { TrafficBucket } from './reading/traffic-bucket.ts';

/** Buckets in a row. */
export interface Silence {
  readonly green: number;
  /** Of those, buckets in which blue had requests. */
  readonly greenWhileBlueServed: number;
  /** In which blue alone was silent. */
  readonly blue: number;
  /** True once any request of that arm was seen in this rollout. */
  readonly greenSeen: boolean;
  readonly blueSeen: boolean;
}

export const NO_SILENCE: Silence = {
  green: 0,
  greenWhileBlueServed: 0,
  blue: 0,
  greenSeen: false,
  blueSeen: false,
};

export interface SilenceFinding {
  readonly guard: 'telemetry-lost' | 'no-blue-requests';
  readonly cause: NoDataCause;
  /** Buckets in a row. */
  readonly buckets: number;
  /** True where it has lasted so long that green is rolled back. */
  readonly isTooLong: boolean;
}

/**
 * Diagnostic logs of a new endpoint may take an hour to show a row (Azure documentation "Monitor online endpoints").
 */
const FIRST_ROWS_MS = 3_600_000;

export function watchSilence(silence: Silence, { green, blue }: TrafficBucket): Silence {
  const isSilent = green.requests === 0;
  const isBlueSilent = blue.requests === 0;
  return {
    green: isSilent ? silence.green + 1 : 0,
    greenWhileBlueServed: isSilent ? silence.greenWhileBlueServed + (isBlueSilent ? 0 : 1) : 0,
    blue: isBlueSilent && !isSilent ? silence.blue + 1 : 0,
    greenSeen: silence.greenSeen || !isSilent,
    blueSeen: silence.blueSeen || !isBlueSilent,
  };
}

/**
 * Null where the silence has lasted less than `noDataBuckets`. `judgedMs` is the time since the rollout's first bucket.
 */
export function silenceFinding(silence: Silence, noDataBuckets: number, judgedMs: number): SilenceFinding | null {
  const buckets = Math.max(silence.green, silence.blue);
  if (buckets < noDataBuckets) return null;
  // A silent blue alone is for people: going back to a deployment that may not answer is no safe way out.
  if (silence.green < noDataBuckets) {
    return { guard: 'no-blue-requests', cause: 'no-blue-requests', buckets, isTooLong: false };
  }
  const cause = causeOf(silence);
  const isTooLong = cause === 'no-rows-yet' ? judgedMs >= FIRST_ROWS_MS : silence.green >= 2 * noDataBuckets;
  return { guard: 'telemetry-lost', cause, buckets, isTooLong };
}

export function silenceSentence({ buckets, cause }: SilenceFinding, isRolledBack: boolean): string {
  const follows = isRolledBack ? 'without data green cannot be trusted' : 'nothing moves until there is data';
  return `${buckets} buckets in a row lack requests (${cause}); ${follows}.`;
}

function causeOf({ greenSeen, blueSeen, greenWhileBlueServed }: Silence): NoDataCause {
  if (greenWhileBlueServed > 0) return 'no-green-requests';
  if (greenSeen) return 'telemetry-lost';
  return blueSeen ? 'no-green-requests' : 'no-rows-yet';
}
