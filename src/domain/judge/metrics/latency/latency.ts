/** The metric of latency: that green is slower than blue, by more than the policy tolerates. */
import { plainShape, smoothShape } from '../../../evidence/fading-shape.ts';
import { logWeightedSum, storedLog } from '../../../evidence/log-domain.ts';
import { hedged, logOfMixture, type Mixture, mix, startMixture } from '../../../evidence/mixture.ts';
import { logTiltEvidence, tiltOf } from '../../../evidence/tilt-evidence.ts';
import { percent, rounded } from '../../../text/numbers.ts';
import { type ArmCounts, LATENCY_GAMMA, quantileMs } from '../../reading/traffic-bucket.ts';
import type { Metric, Terms, TrafficNow } from '../metric.ts';
import type { TrafficLook } from '../traffic-look.ts';
import {
  latencyAssurance,
  latencyLogs,
  SLOW_DOWNS,
  type SlowDown,
  slowedShape,
  WATCHED_TAILS,
} from './latency-evidence.ts';

/** Relative slow-down as fractions: 0.1 is 10 % slower. Both are rounded to whole latency bins of 10.4 %. */
export interface LatencyPolicy {
  readonly margin: number;
  readonly promoteMargin: number;
  /** Quantiles whose slow-down by `promoteMargin` must be ruled out before green gets more traffic. */
  readonly promoteQuantiles: readonly (50 | 95 | 99)[];
}

export interface LatencySettings {
  /** Tolerated slow-down in bins. */
  readonly marginBins: number;
  readonly promoteMarginBins: number;
  /** Shares of the slowest requests (of WATCHED_TAILS) whose quantiles promotion must be sure of. */
  readonly assuredTails: readonly number[];
}

export interface LatencyState {
  readonly mixture: Mixture;
  /** ln P per watched quantile, at the edges of blue's steady shape. */
  readonly assurance: readonly number[];
  /** The same at the edges of its recent shape. */
  readonly recentAssurance: readonly number[];
}

/** Share of requests above each quantile. */
const TAILS = { 50: 0.5, 95: 0.05, 99: 0.01 } as const;
const WEIGHTS = SLOW_DOWNS.map(({ weight }) => weight);
const HALVES = [0.5, 0.5] as const;
const NO_ASSURANCE = WATCHED_TAILS.map(() => 0);

export const latency: Metric<{
  name: 'latency';
  policy: { readonly latency: LatencyPolicy };
  settings: LatencySettings;
  history: ArmCounts;
  bucket: TrafficLook;
  state: LatencyState;
}> = {
  name: 'latency',
  effect: 'turns-back',
  part: 0.39,
  hasVerdict: true,
  unheard: null,
  settings: (policy) => ({
    marginBins: wholeBins(policy.latency.margin),
    promoteMarginBins: Math.max(1, wholeBins(policy.latency.promoteMargin)),
    assuredTails: policy.latency.promoteQuantiles.map((quantile) => TAILS[quantile]),
  }),
  start: () => ({
    mixture: startMixture(SLOW_DOWNS.length),
    assurance: NO_ASSURANCE,
    recentAssurance: NO_ASSURANCE,
  }),
  step(state, look, { settings, prior, designEffects }) {
    const { logs } = latencyLogs(look, settings.marginBins);
    const assured = (shape: readonly number[], before: readonly number[]) =>
      latencyAssurance(look, plainShape(shape), settings.promoteMarginBins).map((log, index) =>
        storedLog((before[index] ?? 0) + hedged(log / designEffects.latency)),
      );
    const bucket = logs.map((log) => log / designEffects.latency);
    return {
      mixture: mix(state.mixture, bucket, prior),
      assurance: assured(look.known.shape, state.assurance),
      recentAssurance: assured(look.known.recentShape, state.recentAssurance),
    };
  },
  evidence: ({ mixture }, { prior }) => logOfMixture(mixture, WEIGHTS, prior),
  assurance: (state, { settings }) => leastAssurance(state, settings),
  speaks: () => true,
  isRequired: () => true,
  alternatives: ({ mixture }, terms, now) =>
    SLOW_DOWNS.map((slowDown, index) => ({
      score: (mixture.logs[index] ?? 0) + Math.log(slowDown.weight),
      phrase: () => phraseOfSlowDown(slowDown),
      growth: () => growthOfSlowDown(slowDown, terms.settings.marginBins, terms, now),
    })),
  sentence(_state, _terms, { green, blue }) {
    const greenP95Ms = p95Ms(green);
    const blueP95Ms = p95Ms(blue);
    return {
      seen: `p95 is ${greenP95Ms} ms for green, ${blueP95Ms} ms for blue`,
      numbers: { greenP95Ms, blueP95Ms },
    };
  },
};

/**
 * The least assurance of the quantiles that the policy demands, each the average of two e-processes: at the edges of
 * what blue usually does, and of what it did last. Where the load has changed hardly a request crosses the usual edges,
 * which then say nothing.
 */
function leastAssurance({ assurance, recentAssurance }: LatencyState, { assuredTails }: LatencySettings): number {
  const averages = assurance.map((log, index) => logWeightedSum(HALVES, [log, recentAssurance[index] ?? 0]));
  return Math.min(...averages.filter((_, index) => assuredTails.includes(WATCHED_TAILS[index] ?? 0)));
}

/** "10 % of requests about 6 times as slow". */
export function phraseOfSlowDown({ share, times }: SlowDown): string {
  const whose = share === 1 ? 'all requests' : `${percent(share)} of requests`;
  return `${whose} about ${rounded(times, 3)} times as slow`;
}

export function growthOfSlowDown(
  slowDown: SlowDown,
  marginBins: number,
  { designEffects }: Pick<Terms<unknown>, 'designEffects'>,
  { known, lastMix }: TrafficNow,
): number {
  const shape = smoothShape(known.shape);
  const slowed = slowedShape(shape, slowDown, marginBins);
  const expected = {
    treated: slowed.map((mass) => mass * lastMix.green),
    control: shape.map((mass) => mass * lastMix.blue),
  };
  return logTiltEvidence(expected, tiltOf(slowed, shape)) / designEffects.latency;
}

/** Latencies are counted in bins of 10.4 %, so a slow-down is rounded to whole bins. */
function wholeBins(slowDown: number): number {
  return Math.round(Math.log1p(slowDown) / Math.log(LATENCY_GAMMA));
}

function p95Ms({ latency: histogram }: ArmCounts): number {
  return Math.round(quantileMs(histogram, 0.95) ?? 0);
}
