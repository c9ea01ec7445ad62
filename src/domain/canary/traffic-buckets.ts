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

/** Latency in milliseconds below which `fraction` of the counted requests stayed (upper edge of its bin); null without requests. */
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
