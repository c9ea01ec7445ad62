/**
 * Takes one bucket into the rule's memory.
 *
 * 1. A bucket counts once: one that starts at or before the last one taken in changes nothing.
 * 2. Predictions come from earlier buckets only; blue's bucket is learnt after it was judged.
 * 3. Buckets of the warm-up are evidence of nothing; so is a bucket in which an arm had no request.
 * 4. Evidence is kept when traffic shares change: every bucket is judged at its own share.
 */

import type { ArmCounts, TrafficBucket } from '../traffic-buckets.ts';
import { learnBaseRate } from './base-rate.ts';
import { checkBucket } from './checked-bucket.ts';
import { errorAssurance, errorEvidence, errorHits } from './error-evidence.ts';
import { watchGuard } from './guard.ts';
import { hedged } from './hedge.ts';
import { learnShape, plainShape, smoothShape } from './latency/baseline-shape.ts';
import { denseCounts } from './latency/latency-bins.ts';
import {
  type ArmLatency,
  independentLatencyEvidence,
  latencyAssurance,
  latencyEvidence,
  latencyTilts,
} from './latency/latency-evidence.ts';
import { storedLog } from './log-domain.ts';
import type { RuleOptions } from './rule-options.ts';
import type { LogAssurance, LogEvidence, RuleState } from './rule-state.ts';
import { mixStart, startWeight } from './start-mixing.ts';
import { TOGETHER } from './together-alternatives.ts';

/** Throws a RangeError that names the bucket where its counts cannot be true. */
export function stepRule(state: RuleState, bucket: TrafficBucket, options: RuleOptions): RuleState {
  checkBucket(bucket);
  if (bucket.startMs <= state.lastStartMs) return state;
  if (state.warmUps < options.warmUpBuckets) {
    return { ...state, lastStartMs: bucket.startMs, warmUps: state.warmUps + 1 };
  }
  const shape = smoothShape(state.shape);
  const arms = { green: armLatency(bucket.green), blue: armLatency(bucket.blue) };
  const evidence = bucketEvidence(state, bucket, arms, shape, options);
  const looks = state.looks + 1;
  const { green, blue } = bucket;
  return {
    ...state,
    lastStartMs: bucket.startMs,
    looks,
    base: learnBaseRate(state.base, blue),
    shape: learnShape(state.shape, arms.blue.counts, 'steady'),
    recentShape: learnShape(state.recentShape, arms.blue.counts, 'recent'),
    evidence: mixed(state.evidence, evidence, startWeight(options.start, looks)),
    assurance: assured(state, bucket, arms, options),
    seen: { green: sum(state.seen.green, green), blue: sum(state.seen.blue, blue) },
    lastMix: green.requests > 0 && blue.requests > 0 ? { green: green.requests, blue: blue.requests } : state.lastMix,
    guard: watchGuard(state.guard, bucket),
  };
}

interface Arms {
  readonly green: ArmLatency;
  readonly blue: ArmLatency;
}

function armLatency({ requests, errors, latency }: ArmCounts): ArmLatency {
  return { requests, errors, counts: denseCounts(latency) };
}

/** ln S of every alternative, after the design effect. */
function bucketEvidence(
  state: RuleState,
  bucket: TrafficBucket,
  { green, blue }: Arms,
  shape: Float64Array,
  options: RuleOptions,
): LogEvidence {
  const { errors: phiErrors, latency: phiLatency } = options.designEffects;
  const margin = options.latencyMarginBins;
  const tilts = latencyTilts(shape, margin);
  const errors = errorEvidence(errorHits(bucket.green, bucket.blue), state.base, options.errorMargin);
  const latency = latencyEvidence(green, blue, tilts, margin);
  const independent = independentLatencyEvidence(
    green,
    blue,
    TOGETHER.flatMap((pair) => tilts.slice(pair.latency, pair.latency + 1)),
    TOGETHER.map((pair) => latency[pair.latency] ?? 0),
    margin,
  );
  return {
    errors: errors.map((log) => log / phiErrors),
    latency: latency.map((log) => log / phiLatency),
    together: TOGETHER.map(
      (pair, index) => (errors[pair.errors] ?? 0) / phiErrors + (independent[index] ?? 0) / phiLatency,
    ),
  };
}

function mixed(before: LogEvidence, bucket: LogEvidence, weight: number): LogEvidence {
  const mix = (logs: readonly number[], added: readonly number[]) =>
    logs.map((log, index) => storedLog(mixStart(log, added[index] ?? 0, weight)));
  return {
    errors: mix(before.errors, bucket.errors),
    latency: mix(before.latency, bucket.latency),
    together: mix(before.together, bucket.together),
  };
}

function assured(state: RuleState, bucket: TrafficBucket, { green, blue }: Arms, options: RuleOptions): LogAssurance {
  const { errors: phiErrors, latency: phiLatency } = options.designEffects;
  const before = state.assurance;
  const errors = errorAssurance(errorHits(bucket.green, bucket.blue), state.base, options.promoteErrorMargin);
  const margin = options.promoteLatencyMarginBins;
  const atEdgesOf = (shape: readonly number[], logs: readonly number[]) =>
    latencyAssurance(green.counts, blue.counts, plainShape(shape), margin).map((log, index) =>
      storedLog((logs[index] ?? 0) + hedged(log / phiLatency)),
    );
  return {
    errors: storedLog(before.errors + hedged(errors / phiErrors)),
    latency: atEdgesOf(state.shape, before.latency),
    recentLatency: atEdgesOf(state.recentShape, before.recentLatency),
  };
}

function sum(before: { errors: number; requests: number }, { errors, requests }: ArmCounts) {
  return { errors: before.errors + errors, requests: before.requests + requests };
}
