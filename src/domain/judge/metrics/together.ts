/** More errors and slower at once: pairs of the alternatives of both metrics that are slow to show alone. */
import { predictedRate } from '../../evidence/fading-rate.ts';
import { logOfMixture, type Mixture, mix, startMixture } from '../../evidence/mixture.ts';
import { moreHits } from '../../evidence/share-evidence.ts';
import type { ArmCounts } from '../reading/traffic-bucket.ts';
import { type ErrorPolicy, growthOfErrors, phraseOfErrors } from './errors.ts';
import { growthOfSlowDown, type LatencyPolicy, latency, phraseOfSlowDown } from './latency/latency.ts';
import { independentLatencyEvidence, latencyLogs, SLOW_DOWNS } from './latency/latency-evidence.ts';
import type { Metric } from './metric.ts';
import type { TrafficLook } from './traffic-look.ts';

export interface TogetherSettings {
  readonly errorMargin: number;
  readonly latencyMarginBins: number;
}

/** Index in SLOW_DOWNS of the slow-down, the extra error rate that goes with it, and the weight of the pair. */
const PAIRS = [
  { slowDown: slowed(1, 1.2), extra: 0.02, weight: 2 / 3 },
  { slowDown: slowed(0.1, 6), extra: 0.02, weight: 1 / 3 },
] as const;
const WEIGHTS = PAIRS.map(({ weight }) => weight);
/** A pair explains the data only where it does so clearly better than one metric alone. */
const SCORE_OF_PAIRS = 0.25;

export const together: Metric<{
  name: 'together';
  policy: { readonly errors: ErrorPolicy; readonly latency: LatencyPolicy };
  settings: TogetherSettings;
  history: ArmCounts;
  bucket: TrafficLook;
  state: { readonly mixture: Mixture };
}> = {
  name: 'together',
  effect: 'turns-back',
  part: 0.09,
  hasVerdict: false,
  unheard: null,
  settings: (policy) => ({
    errorMargin: policy.errors.margin,
    latencyMarginBins: latency.settings(policy).marginBins,
  }),
  start: () => ({ mixture: startMixture(PAIRS.length) }),
  step: ({ mixture }, look, { settings, prior, designEffects }) => {
    const all = latencyLogs(look, settings.latencyMarginBins);
    const ofPairs = {
      tilts: PAIRS.flatMap(({ slowDown }) => all.tilts.slice(slowDown, slowDown + 1)),
      logs: PAIRS.map(({ slowDown }) => all.logs[slowDown] ?? 0),
    };
    const slower = independentLatencyEvidence(look, ofPairs, settings.latencyMarginBins);
    const rate = predictedRate(look.known.failed);
    const bucket = PAIRS.map(({ extra }, index) => {
      const failing = moreHits(look.failed, rate, { margin: settings.errorMargin, extra });
      return failing / designEffects.errors + (slower[index] ?? 0) / designEffects.latency;
    });
    return { mixture: mix(mixture, bucket, prior) };
  },
  evidence: ({ mixture }, { prior }) => logOfMixture(mixture, WEIGHTS, prior),
  assurance: () => 0,
  /** Its two metrics speak for it. */
  speaks: () => false,
  isRequired: () => false,
  alternatives: ({ mixture }, terms, now) =>
    PAIRS.flatMap(({ slowDown: index, extra, weight }, pair) => {
      const slowDown = SLOW_DOWNS[index];
      if (!slowDown) return [];
      const { errorMargin, latencyMarginBins } = terms.settings;
      return {
        score: (mixture.logs[pair] ?? 0) + Math.log(SCORE_OF_PAIRS * weight),
        phrase: () => `${phraseOfSlowDown(slowDown)} and ${phraseOfErrors(extra)}`,
        growth: () =>
          growthOfErrors({ margin: errorMargin, extra }, terms, now) +
          growthOfSlowDown(slowDown, latencyMarginBins, terms, now),
      };
    }),
  sentence: () => ({ seen: '', numbers: {} }),
};

function slowed(share: number, times: number): number {
  const index = SLOW_DOWNS.findIndex((one) => one.share === share && one.times === times);
  if (index < 0) throw new RangeError('A pair names a slow-down that the metric of latency does not know.');
  return index;
}
