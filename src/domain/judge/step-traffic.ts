/**
 * Takes one bucket of traffic into the memory.
 *
 * 1. A bucket counts once, and blue's counts are learnt after it was judged.
 * 2. Buckets of the warm-up are no evidence: a cold start is no regression. Only silence and failures are watched.
 * 3. Evidence is kept when traffic shares change: every bucket is judged at its own share.
 * 4. Past the horizon, and only while nothing speaks against green, the evidence may begin anew with a fresh alpha.
 *    So a regression after a long wait for an approval need not first make up for hours of health.
 */
import { beginAnew, mayBeginAnew } from '../evidence/mixture.ts';
import { type JudgeOptions, stateOf, termsOf } from './judge-options.ts';
import type { JudgeMemory, TrafficMemory } from './judge-state.ts';
import { type MetricStates, TRAFFIC_METRICS } from './metrics/all-metrics.ts';
import { isTaken, type Metric, type MetricState } from './metrics/metric.ts';
import { TrafficLook } from './metrics/traffic-look.ts';
import { watchFailures } from './no-success.ts';
import { learnBlue } from './reading/blue-memory.ts';
import { checkBucket } from './reading/checked-bucket.ts';
import type { ArmCounts, TrafficBucket } from './reading/traffic-bucket.ts';
import { watchSilence } from './silence.ts';
import { evidenceAgainst } from './weigh-evidence.ts';

/** Throws a RangeError that names the bucket where its counts cannot be true. */
export function stepTraffic(memory: JudgeMemory, bucket: TrafficBucket, options: JudgeOptions): JudgeMemory {
  checkBucket(bucket);
  const { traffic } = memory;
  if (isTaken(traffic, bucket)) return memory;
  const watched: TrafficMemory = {
    ...traffic,
    lastStartMs: bucket.startMs,
    silence: watchSilence(traffic.silence, bucket),
    failures: watchFailures(traffic.failures, bucket),
  };
  if (traffic.warmUpBuckets < options.warmUpBuckets) {
    return { ...memory, traffic: { ...watched, warmUpBuckets: traffic.warmUpBuckets + 1 } };
  }
  const { green, blue } = bucket;
  const look = new TrafficLook(bucket, traffic.known);
  const isMixed = green.requests > 0 && blue.requests > 0;
  return {
    traffic: {
      ...watched,
      buckets: traffic.buckets + 1,
      known: learnBlue(traffic.known, blue, look.blue.counts),
      lastMix: isMixed ? { green: green.requests, blue: blue.requests } : traffic.lastMix,
      seen: { green: sum(traffic.seen.green, green), blue: sum(traffic.seen.blue, blue) },
    },
    metrics: ofTraffic(memory.metrics, (metric, state) => {
      const terms = termsOf(options, metric);
      return terms ? metric.step(state, look, terms) : state;
    }),
  };
}

/** The memory with fresh evidence, where the horizon is over and nothing speaks against green; else as it is. */
export function withFreshHorizon(memory: JudgeMemory, options: JudgeOptions): JudgeMemory {
  const { traffic, metrics } = memory;
  if (!mayBeginAnew(options.prior, traffic.buckets, () => evidenceAgainst(metrics, options).log)) return memory;
  return {
    traffic: { ...traffic, buckets: 0 },
    metrics: ofTraffic(metrics, (_, state) => ({ ...state, mixture: beginAnew(state.mixture) })),
  };
}

function ofTraffic(states: MetricStates, change: (metric: Metric, state: MetricState) => MetricState): MetricStates {
  const changed: Record<string, unknown> = { ...states };
  for (const metric of TRAFFIC_METRICS) {
    const state = stateOf(states, metric);
    if (state) changed[metric.name] = change(metric, state);
  }
  return changed as MetricStates;
}

function sum(before: { errors: number; requests: number }, { errors, requests }: ArmCounts) {
  return { errors: before.errors + errors, requests: before.requests + requests };
}
