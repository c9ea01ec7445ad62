/** The latency of a synthetic service: a lognormal body and a Pareto tail, sampled in bins and known exactly. */
import { LATENCY_GAMMA } from '../../../../src/domain/judge/reading/traffic-bucket.ts';
import type { Random } from './random.ts';

export interface LatencyModel {
  readonly medianMs: number;
  readonly sigma: number;
  readonly tailShare: number;
  readonly tailFromMs: number;
  readonly tailIndex: number;
  readonly capMs: number;
  /** A second hump: this share of requests is `times` as slow; 0 for none. */
  readonly humpShare: number;
  readonly humpTimes: number;
}

/** p50 81 ms, p95 197 ms, p99 333 ms. */
export const WEB_SERVICE: LatencyModel = {
  medianMs: 80,
  sigma: 0.5,
  tailShare: 0.015,
  tailFromMs: 250,
  tailIndex: 2.2,
  capMs: 30_000,
  humpShare: 0,
  humpTimes: 1,
};

/** Cache hits and misses: 30 % of the requests six times as slow, both humps narrow. */
export const CACHED_SERVICE: LatencyModel = { ...WEB_SERVICE, medianMs: 40, sigma: 0.3, humpShare: 0.3, humpTimes: 6 };

/** Some requests are slower: share and factor. */
export interface Slowness {
  readonly share: number;
  readonly times: number;
}

export const AS_FAST: Slowness = { share: 0, times: 1 };
const LOG_GAMMA = Math.log(LATENCY_GAMMA);
const LAST_BIN = 143;

/** Counts by bin of `n` requests one by one; `logShift` makes all of them slower by e^logShift. */
export function sampleLatencies(
  random: Random,
  n: number,
  model: LatencyModel,
  slow: Slowness,
  logShift: number,
): Record<string, number> {
  const counts = new Int32Array(LAST_BIN + 1);
  const longest = Math.log(model.capMs);
  for (let request = 0; request < n; request++) {
    let log = logLatency(random, model) + logShift;
    if (slow.share > 0 && (slow.share >= 1 || random.uniform() < slow.share)) log += Math.log(slow.times);
    count(counts, binOfLog(Math.min(log, longest)));
  }
  return recordOf(counts);
}

/** The same from exact probabilities of the bins, which is faster where they serve for many requests. */
export function sampleBins(random: Random, n: number, sampler: BinSampler): Record<string, number> {
  const counts = new Int32Array(LAST_BIN + 1);
  for (let request = 0; request < n; request++) {
    const u = random.uniform();
    let bin = sampler.guide[Math.floor(u * sampler.guide.length)] ?? 0;
    while (bin < LAST_BIN && u > (sampler.upTo[bin] ?? 1)) bin++;
    count(counts, bin);
  }
  return recordOf(counts);
}

/** Cumulated probabilities, and for each of equal parts of (0, 1) the bin at which to begin the search. */
export interface BinSampler {
  readonly upTo: readonly number[];
  readonly guide: readonly number[];
}

const GUIDE_PARTS = 1024;

export function binSampler(probabilities: readonly number[]): BinSampler {
  let sum = 0;
  const upTo = probabilities.map((mass) => {
    sum += mass;
    return sum;
  });
  const guide: number[] = [];
  let bin = 0;
  for (let part = 0; part < GUIDE_PARTS; part++) {
    while (bin < LAST_BIN && (upTo[bin] ?? 1) < part / GUIDE_PARTS) bin++;
    guide.push(bin);
  }
  return { upTo, guide };
}

function count(counts: Int32Array, bin: number): void {
  counts[bin] = (counts[bin] ?? 0) + 1;
}

function recordOf(counts: Int32Array): Record<string, number> {
  const latency: Record<string, number> = {};
  for (const [bin, found] of counts.entries()) if (found > 0) latency[bin] = found;
  return latency;
}

function logLatency(random: Random, model: LatencyModel): number {
  if (random.uniform() < model.tailShare)
    return Math.log(model.tailFromMs) - Math.log(random.uniform()) / model.tailIndex;
  const hump = model.humpShare > 0 && random.uniform() < model.humpShare ? Math.log(model.humpTimes) : 0;
  return Math.log(model.medianMs) + hump + model.sigma * random.normal();
}

function binOfLog(log: number): number {
  return Math.min(LAST_BIN, Math.max(0, Math.ceil(log / LOG_GAMMA) - 1));
}

/** Exact probabilities of the bins. */
export function binProbabilities(model: LatencyModel, slow: Slowness, logShift = 0): number[] {
  const cdf = (log: number) =>
    (1 - slow.share) * cdfOf(model, log) + slow.share * cdfOf(model, log - Math.log(slow.times));
  const capped = (log: number) => (log >= Math.log(model.capMs) ? 1 : cdf(log - logShift));
  return Array.from({ length: LAST_BIN + 1 }, (_, bin) => {
    const upper = bin === LAST_BIN ? 1 : capped((bin + 1) * LOG_GAMMA);
    return Math.max(0, upper - (bin === 0 ? 0 : capped(bin * LOG_GAMMA)));
  });
}

function cdfOf(model: LatencyModel, log: number): number {
  const body = (times: number) => normalCdf((log - Math.log(model.medianMs * times)) / model.sigma);
  const humps = (1 - model.humpShare) * body(1) + model.humpShare * body(model.humpTimes);
  const beyond = log - Math.log(model.tailFromMs);
  const tail = beyond > 0 ? 1 - Math.exp(-model.tailIndex * beyond) : 0;
  return (1 - model.tailShare) * humps + model.tailShare * tail;
}

/** Abramowitz & Stegun 7.1.26 is too coarse for tails; this is the continued fraction and the series of erfc. */
export function normalCdf(z: number): number {
  if (z > 0) return 1 - normalCdf(-z);
  const x = -z;
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let k = 1; k < 60; k++) {
      term *= (x * x) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = 0;
  for (let k = 60; k > 0; k--) fraction = k / (x + fraction);
  return density / (x + fraction);
}
