/** The metric of failed requests: that green fails more often than blue, by more than the policy tolerates. */
import { predictedRate } from '../../evidence/fading-rate.ts';
import { storedLog } from '../../evidence/log-domain.ts';
import { hedged, logOfMixture, type Mixture, mix, startMixture } from '../../evidence/mixture.ts';
import { expectedMoreHits, moreHits, notMoreHits, type Shift } from '../../evidence/share-evidence.ts';
import { count, percent } from '../../text/numbers.ts';
import { failedOf } from '../reading/blue-memory.ts';
import type { ArmCounts } from '../reading/traffic-bucket.ts';
import type { Metric, Terms, TrafficNow } from './metric.ts';
import type { TrafficLook } from './traffic-look.ts';

/** Rates as fractions: 0.002 is 0.2 percentage points. */
export interface ErrorPolicy {
  /** Extra error rate of green that is tolerated. */
  readonly margin: number;
  /** Extra error rate that must be ruled out before green gets more traffic. */
  readonly promoteMargin: number;
}

export interface ErrorState {
  readonly mixture: Mixture;
  readonly assurance: number;
}

/** Error rate of green beyond the edge of the margin. */
export interface ExtraErrors {
  readonly extra: number;
  readonly weight: number;
}

/**
 * Most of the weight lies on a small excess. It grows more slowly than the evidence of the true excess, but with less
 * chance in it. So it finds +0.4 to +2 percentage points at nearly the least number of requests, with fewer false
 * alarms at the margin than larger ones. Large excesses show within a few buckets whatever their weight.
 */
const EXTRA_ERRORS: readonly ExtraErrors[] = [
  { extra: 0.0065, weight: 0.735 },
  { extra: 0.01, weight: 0.03 },
  { extra: 0.02, weight: 0.05 },
  { extra: 0.1, weight: 0.145 },
  { extra: 0.4, weight: 0.04 },
];
const WEIGHTS = EXTRA_ERRORS.map(({ weight }) => weight);

type ErrorTerms = Terms<ErrorPolicy>;

export const errors: Metric<{
  name: 'errors';
  policy: { readonly errors: ErrorPolicy };
  settings: ErrorPolicy;
  history: ArmCounts;
  bucket: TrafficLook;
  state: ErrorState;
}> = {
  name: 'errors',
  effect: 'turns-back',
  part: 0.312,
  hasVerdict: true,
  unheard: null,
  settings: (policy) => policy.errors,
  start: () => ({ mixture: startMixture(EXTRA_ERRORS.length), assurance: 0 }),
  step(state, look, { settings, prior, designEffects }) {
    const { margin, promoteMargin } = settings;
    const rate = predictedRate(look.known.failed);
    const logs = EXTRA_ERRORS.map(({ extra }) => moreHits(look.failed, rate, { margin, extra }) / designEffects.errors);
    const assurance = notMoreHits(look.failed, rate, promoteMargin) / designEffects.errors;
    return { mixture: mix(state.mixture, logs, prior), assurance: storedLog(state.assurance + hedged(assurance)) };
  },
  evidence: ({ mixture }, { prior }) => logOfMixture(mixture, WEIGHTS, prior),
  assurance: ({ assurance }) => assurance,
  speaks: () => true,
  isRequired: () => true,
  alternatives: ({ mixture }, terms, now) =>
    EXTRA_ERRORS.map(({ extra, weight }, index) => ({
      score: (mixture.logs[index] ?? 0) + Math.log(weight),
      phrase: () => phraseOfErrors(extra),
      growth: () => growthOfErrors({ margin: terms.settings.margin, extra }, terms, now),
    })),
  sentence: (_state, _terms, { green, blue }) => ({
    seen: sentenceOfErrors(green, blue),
    numbers: {
      greenRequests: green.requests,
      greenErrors: green.errors,
      blueRequests: blue.requests,
      blueErrors: blue.errors,
    },
  }),
};

/** "412 of 9,800 green requests failed, 50 of 9,750 blue ones". */
export function sentenceOfErrors(green: Failed, blue: Failed): string {
  const [ofGreen, ofBlue] = [failedOf(green), failedOf(blue)];
  const seen = `${count(ofGreen.hits)} of ${count(ofGreen.of)} green requests failed`;
  return `${seen}, ${count(ofBlue.hits)} of ${count(ofBlue.of)} blue ones`;
}

type Failed = Pick<ArmCounts, 'errors' | 'requests'>;

export function phraseOfErrors(extra: number): string {
  return `errors about ${percent(extra)} of requests beyond what is tolerated`;
}

export function growthOfErrors(
  shift: Shift,
  { designEffects }: Pick<ErrorTerms, 'designEffects'>,
  now: TrafficNow,
): number {
  const n = { treated: now.lastMix.green, control: now.lastMix.blue };
  return expectedMoreHits(n, predictedRate(now.known.failed), shift) / designEffects.errors;
}
