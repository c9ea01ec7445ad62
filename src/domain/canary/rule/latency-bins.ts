/** Latency histograms as dense arrays over the bins of traffic-buckets.ts: shifting, scaling, tails. */
import { LATENCY_GAMMA, type LatencyHistogram } from '../traffic-buckets.ts';

/** Bins 0..143 reach to 26 minutes; longer waits count in the last bin. */
export const LATENCY_BINS = 144;

export function denseCounts(latency: LatencyHistogram): number[] {
  const counts = new Array<number>(LATENCY_BINS).fill(0);
  for (const key in latency) {
    const bin = Math.min(LATENCY_BINS - 1, Math.max(0, Number(key)));
    counts[bin] = (counts[bin] ?? 0) + (latency[key] ?? 0);
  }
  return counts;
}

export function total(counts: readonly number[]): number {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) sum += counts[bin] ?? 0;
  return sum;
}

/** How many bins slower `times` as slow is; not whole in general. */
export function binsOf(times: number): number {
  return Math.log(times) / Math.log(LATENCY_GAMMA);
}

/** Moves all mass up by `by` bins (down where negative); between two bins it is divided linearly, at the ends it stays. */
export function shifted(mass: readonly number[], by: number): number[] {
  const moved = new Array<number>(mass.length).fill(0);
  const whole = Math.floor(by);
  const part = by - whole;
  const last = mass.length - 1;
  for (let bin = 0; bin <= last; bin++) {
    const value = mass[bin] ?? 0;
    if (value === 0) continue;
    const low = Math.min(last, Math.max(0, bin + whole));
    const high = Math.min(last, Math.max(0, bin + whole + 1));
    moved[low] = (moved[low] ?? 0) + value * (1 - part);
    if (part > 0) moved[high] = (moved[high] ?? 0) + value * part;
  }
  return moved;
}

/** Sum over the bins above `bin`. */
export function above(counts: readonly number[], bin: number): number {
  let sum = 0;
  for (let index = Math.max(0, bin + 1); index < counts.length; index++) sum += counts[index] ?? 0;
  return sum;
}

/** Takes away the `count` slowest requests. */
export function withoutSlowest(counts: readonly number[], count: number): number[] {
  const kept = [...counts];
  let left = count;
  for (let bin = kept.length - 1; bin >= 0 && left > 0; bin--) {
    const taken = Math.min(left, kept[bin] ?? 0);
    kept[bin] = (kept[bin] ?? 0) - taken;
    left -= taken;
  }
  return kept;
}
