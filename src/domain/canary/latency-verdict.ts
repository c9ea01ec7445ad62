/**
 * Verdict on latency: the share of green's requests above blue's median, p90 and p95, each edge moved up by the margin.
 * A slow-down of all requests shows at the median, one of a few at p95; no distribution is assumed.
 */
import type { LatencyMetricPolicy } from '../policy/policy.ts';
import type { MetricVerdict } from './decision.ts';
import { compareProportions, type Proportion, Z_HARM, Z_HARMLESS } from './proportion.ts';
import { type ArmCounts, LATENCY_GAMMA, type LatencyHistogram, quantileMs } from './traffic-buckets.ts';

const QUANTILES = [0.5, 0.9, 0.95] as const;
/** Extra share of requests above an edge that still counts as harmless. */
const HARMLESS_SHARE = 0.05;

export function judgeLatency(green: ArmCounts, blue: ArmCounts, policy: LatencyMetricPolicy): MetricVerdict {
  const metric = 'latency' as const;
  const greenP95 = quantileMs(green.latency, 0.95) ?? 0;
  const blueP95 = quantileMs(blue.latency, 0.95) ?? 0;
  const numbers = {
    greenRequests: green.requests,
    blueRequests: blue.requests,
    greenP95Ms: Math.round(greenP95),
    blueP95Ms: Math.round(blueP95),
  };
  const seen = `p95 is ${numbers.greenP95Ms} ms for green, ${numbers.blueP95Ms} ms for blue`;
  const slower = QUANTILES.map((quantile) => excess(green.latency, blue.latency, quantile, policy.margin));
  const worst = slower.findIndex(({ difference, error }) => difference - Z_HARM * error > 0);
  if (worst >= 0) {
    const edge = `blue's p${Math.round((QUANTILES[worst] ?? 0) * 100)} plus ${percent(policy.margin)}`;
    const sentence = `Green is slower: ${seen}; ${percent(slower[worst]?.difference ?? 0)} more of its requests lie above ${edge}.`;
    return { metric, verdict: 'fail', cause: null, sentence, numbers };
  }
  const harmless = QUANTILES.map((quantile) => excess(green.latency, blue.latency, quantile, policy.promoteMargin));
  const passed = harmless.every(({ difference, error }) => difference + Z_HARMLESS * error < HARMLESS_SHARE);
  if (passed && green.requests >= policy.minSamples) {
    return { metric, verdict: 'pass', cause: null, sentence: `Green is as fast as it should be: ${seen}.`, numbers };
  }
  const wanted = Math.max(0, policy.minSamples - green.requests);
  const why = wanted > 0 ? `${wanted} more requests are wanted` : 'the difference is still uncertain';
  return { metric, verdict: 'inconclusive', cause: null, sentence: `${seen}; ${why}.`, numbers };
}

/** Share of green above (blue's quantile moved up by `margin`) minus share of blue above its quantile. */
function excess(green: LatencyHistogram, blue: LatencyHistogram, quantile: number, margin: number) {
  const edgeMs = quantileMs(blue, quantile) ?? 0;
  const edgeBin = Math.round(Math.log(Math.max(edgeMs, 1)) / Math.log(LATENCY_GAMMA)) - 1;
  const shift = Math.round(Math.log1p(margin) / Math.log(LATENCY_GAMMA));
  return compareProportions(above(green, edgeBin + shift), above(blue, edgeBin));
}

function above(latency: LatencyHistogram, bin: number): Proportion {
  let hits = 0;
  let of = 0;
  for (const [key, count] of Object.entries(latency)) {
    of += count;
    if (Number(key) > bin) hits += count;
  }
  return { hits, of };
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(1))} %`;
}
