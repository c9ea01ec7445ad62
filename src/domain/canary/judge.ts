/**
 * The judge: one decision per look from the buckets of both arms.
 *
 * 1. A bucket counts once: those at or before the last judged one are passed over.
 * 2. Counts start anew with each stretch, so a changing traffic share never mixes into a comparison.
 * 3. Missing data is never good news: first hold, then rollback.
 * 4. A stretch ends well only after its dwell and with every metric passed.
 */
import type { CanaryPolicy } from '../policy/policy.ts';
import type { Decision, MetricVerdict, NoDataCause } from './decision.ts';
import { judgeErrors } from './error-verdict.ts';
import type { Judgement, Look } from './judge-contract.ts';
import { judgeLatency } from './latency-verdict.ts';
import { type ArmCounts, addCounts, NO_REQUESTS, type TrafficBucket } from './traffic-buckets.ts';

/** Diagnostic logs of a new endpoint may take an hour to show their first row (Azure documentation "Monitor online endpoints"). */
const FIRST_ROWS_MS = 3_600_000;
/** A stretch that is still undecided after this many dwells waits for a person. */
const DWELLS_UNTIL_HOLD = 5;

export interface JudgeState {
  readonly stretchSinceMs: number;
  /** End of the last judged bucket; 0 before the first. */
  readonly judgedUntilMs: number;
  readonly buckets: number;
  readonly green: ArmCounts;
  readonly blue: ArmCounts;
  /** Buckets in a row in which an arm had no request. */
  readonly emptyBuckets: number;
  /** True once any request of green was seen in this rollout. */
  readonly everSeen: boolean;
  /** Blue as it was while it still had traffic: the yardstick of the bake. */
  readonly reference: ArmCounts;
}

export function judge(look: Look, previous: JudgeState | null): Judgement<JudgeState> {
  const state = absorb(look, startOf(look, previous));
  const missing = missingData(look, state);
  if (missing) return { decision: missing, state };
  const verdicts = judgeMetrics(look, state);
  return { decision: decide(look, state, verdicts), state };
}

function judgeMetrics({ policy }: Look, state: JudgeState): readonly MetricVerdict[] {
  const baseline = baselineOf(state);
  return [judgeErrors(state.green, baseline, policy.errors), judgeLatency(state.green, baseline, policy.latency)];
}

/** Blue in the same buckets; in a bake without copies for blue, blue as it was; blue that was never seen counts as flawless. */
function baselineOf(state: JudgeState): ArmCounts {
  if (state.blue.requests > 0) return state.blue;
  return state.reference.requests > 0 ? state.reference : { ...state.green, errors: 0 };
}

function startOf(look: Look, previous: JudgeState | null): JudgeState {
  if (previous && previous.stretchSinceMs === look.stretch.sinceMs) return previous;
  return {
    stretchSinceMs: look.stretch.sinceMs,
    judgedUntilMs: previous?.judgedUntilMs ?? 0,
    buckets: 0,
    green: NO_REQUESTS,
    blue: NO_REQUESTS,
    emptyBuckets: 0,
    everSeen: previous?.everSeen ?? false,
    reference: previous?.reference ?? NO_REQUESTS,
  };
}

function absorb(look: Look, start: JudgeState): JudgeState {
  let state = start;
  for (const bucket of look.buckets) {
    if (bucket.startMs < state.judgedUntilMs) continue;
    state = absorbOne(state, bucket, look.policy, look.stretch.phase === 'baking');
  }
  return state;
}

function absorbOne(state: JudgeState, bucket: TrafficBucket, policy: CanaryPolicy, baking: boolean): JudgeState {
  const empty = bucket.green.requests === 0 || (!baking && bucket.blue.requests === 0);
  return {
    ...state,
    judgedUntilMs: bucket.startMs + policy.bucketSeconds * 1000,
    buckets: state.buckets + 1,
    green: addCounts(state.green, bucket.green),
    blue: addCounts(state.blue, bucket.blue),
    emptyBuckets: empty ? state.emptyBuckets + 1 : 0,
    everSeen: state.everSeen || bucket.green.requests > 0,
    reference: baking ? state.reference : addCounts(state.reference, bucket.blue),
  };
}

function missingData(look: Look, state: JudgeState): Decision | null {
  const limit = look.policy.noDataBuckets;
  if (state.emptyBuckets < limit) return null;
  const cause = causeOf(state);
  const waitedMs = state.judgedUntilMs - look.stretch.sinceMs;
  const tooLong = cause === 'no-rows-yet' ? waitedMs >= FIRST_ROWS_MS : state.emptyBuckets >= 2 * limit;
  const sentence = `${state.emptyBuckets} buckets in a row lack requests (${cause}); ${
    tooLong ? 'without data green cannot be trusted' : 'nothing moves until there is data'
  }.`;
  const verdict: MetricVerdict = {
    metric: 'errors',
    verdict: 'no-data',
    cause,
    sentence,
    numbers: { emptyBuckets: state.emptyBuckets },
  };
  return { kind: tooLong ? 'rollback' : 'hold', sentence, verdicts: [verdict, { ...verdict, metric: 'latency' }] };
}

function causeOf(state: JudgeState): NoDataCause {
  if (!state.everSeen) return state.blue.requests === 0 ? 'no-rows-yet' : 'no-green-requests';
  if (state.green.requests > 0 && state.blue.requests > 0) return 'telemetry-lost';
  return state.green.requests === 0 ? 'no-green-requests' : 'no-blue-requests';
}

function decide(look: Look, state: JudgeState, verdicts: readonly MetricVerdict[]): Decision {
  const { dwellBuckets, lastStep, phase } = look.stretch;
  const failed = verdicts.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0) {
    return { kind: 'rollback', sentence: failed.map(({ sentence }) => sentence).join(' '), verdicts };
  }
  const progress = `${state.buckets} of ${dwellBuckets} buckets judged`;
  if (state.buckets < dwellBuckets)
    return { kind: 'continue', sentence: `${progress}; nothing is wrong so far.`, verdicts };
  if (verdicts.every(({ verdict }) => verdict === 'pass')) {
    const kind = lastStep || phase === 'baking' ? 'promote' : 'next-step';
    return { kind, sentence: verdicts.map(({ sentence }) => sentence).join(' '), verdicts };
  }
  const open = verdicts.filter(({ verdict }) => verdict === 'inconclusive').map(({ sentence }) => sentence);
  if (state.buckets >= DWELLS_UNTIL_HOLD * dwellBuckets) {
    return { kind: 'hold', sentence: `Undecided after ${state.buckets} buckets: ${open.join(' ')}`, verdicts };
  }
  return { kind: 'continue', sentence: `${progress}; ${open.join(' ')}`, verdicts };
}
