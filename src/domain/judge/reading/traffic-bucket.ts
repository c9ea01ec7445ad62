/** Requests, errors and latencies of both arms of a rollout, counted in time buckets of equal length. */

/**
 * Latency counts by bin: bin i holds requests that took more than 1.02^(5i) ms and at most 1.02^(5(i+1)) ms; below
 * 1 ms everything is bin 0. Counts of several buckets add up without loss.
 */
export type LatencyHistogram = Readonly<Record<string, number>>;

/** Ratio of a bin's upper to its lower edge: one bin is 10.4 % in latency. */
export const LATENCY_GAMMA = 1.02 ** 5;

export interface ArmCounts {
  readonly requests: number;
  readonly errors: number;
  /** Of the requests that did not fail: a fast failure must not look like a fast answer. */
  readonly latency: LatencyHistogram;
}

/** What the traffic log says of one deployment in one bucket. */
export interface LoggedBucket extends ArmCounts {
  readonly deployment: string;
  /** Start, epoch milliseconds. */
  readonly startMs: number;
}

/** What the request metric says of it: the check on the log's completeness. */
export interface MeteredBucket {
  readonly deployment: string;
  readonly startMs: number;
  readonly requests: number;
}

/** One complete bucket of both arms. */
export interface TrafficBucket {
  /** Start, epoch milliseconds, a multiple of the bucket length. */
  readonly startMs: number;
  readonly green: ArmCounts;
  readonly blue: ArmCounts;
}

export const NO_REQUESTS: ArmCounts = { requests: 0, errors: 0, latency: {} };

export function addCounts(a: ArmCounts, b: ArmCounts): ArmCounts {
  const latency: Record<string, number> = { ...a.latency };
  for (const [bin, count] of Object.entries(b.latency)) latency[bin] = (latency[bin] ?? 0) + count;
  return { requests: a.requests + b.requests, errors: a.errors + b.errors, latency };
}

export function binOf(latencyMs: number): number {
  if (latencyMs <= 1) return 0;
  return Math.max(0, Math.ceil(Math.log(latencyMs) / Math.log(LATENCY_GAMMA)) - 1);
}

/** Upper edge of a bin in milliseconds. */
export function upperEdgeMs(bin: number): number {
  return LATENCY_GAMMA ** (bin + 1);
}

/**
 * Latency in milliseconds that `fraction` of the counted requests did not exceed: a bin's upper edge. Null without
 * requests.
 */
export function quantileMs(latency: LatencyHistogram, fraction: number): number | null {
  const bins = Object.entries(latency)
    .map(([bin, count]) => ({ bin: Number(bin), count }))
    .sort((a, b) => a.bin - b.bin);
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const { bin, count } of bins) {
    seen += count;
    if (seen >= fraction * total) return upperEdgeMs(bin);
  }
  return upperEdgeMs(bins.at(-1)?.bin ?? 0);
}

/** Bins 0..143 reach to 26 minutes; longer waits count in the last bin. */
const LATENCY_BINS = 144;

export function denseCounts(latency: LatencyHistogram): Float64Array {
  const counts = new Float64Array(LATENCY_BINS);
  for (const key in latency) {
    const bin = Math.min(LATENCY_BINS - 1, Math.max(0, Number(key)));
    counts[bin] = (counts[bin] ?? 0) + (latency[key] ?? 0);
  }
  return counts;
}

/** How many bins slower `times` as slow is; not whole in general. */
export function binsOf(times: number): number {
  return Math.log(times) / Math.log(LATENCY_GAMMA);
}
