/** Which of the looked-for regressions the evidence favours, and how fast it would still grow if that one were true. */
import { predictedRate } from './base-rate.ts';
import { expectedBinaryEvidence } from './binary-evidence.ts';
import { EXTRA_ERRORS, type ExtraErrors, failingMore } from './error-alternatives.ts';
import { smoothShape } from './latency/baseline-shape.ts';
import { SLOW_DOWNS, type SlowDown, slowedShape, tiltOf } from './latency/latency-alternatives.ts';
import { logTiltEvidence } from './latency/tilt-evidence.ts';
import { outcomeLogs } from './outcomes/outcome-evidence.ts';
import { OUTCOME_LOSSES } from './outcomes/outcome-losses.ts';
import { lossesInUnits } from './outcomes/outcome-spread.ts';
import type { OutcomeState } from './outcomes/outcome-state.ts';
import type { RuleOptions } from './rule-options.ts';
import type { RuleState } from './rule-state.ts';
import { TOGETHER } from './together-alternatives.ts';

export interface LeadingAlternative {
  /** Present where the alternative has more errors. */
  readonly errors: ExtraErrors | null;
  /** Present where the alternative is slower. */
  readonly latency: SlowDown | null;
  /** Loss beyond the margin, in units of the outcomes, where that leads. */
  readonly outcomes: number | null;
  /** Expected growth of ln E per request of green, at the last mix of traffic; 0 where nothing is known. */
  readonly growthPerRequest: number;
}

interface Candidate extends Omit<LeadingAlternative, 'growthPerRequest'> {
  readonly score: number;
}

const NONE = { errors: null, latency: null, outcomes: null } as const;

export function leadingAlternative(state: RuleState, options: RuleOptions): LeadingAlternative {
  const { score: _, ...best } = candidates(state, options).reduce((a, b) => (b.score > a.score ? b : a));
  return { ...best, growthPerRequest: growthPerRequest(state, options, best) };
}

function candidates({ evidence, outcomes }: RuleState, options: RuleOptions): Candidate[] {
  const score = (log: number | undefined, weight: number) => (log ?? 0) + Math.log(weight);
  return [
    ...EXTRA_ERRORS.map((errors, index) => ({ ...NONE, errors, score: score(evidence.errors[index], errors.weight) })),
    ...SLOW_DOWNS.map((latency, index) => ({
      ...NONE,
      latency,
      score: score(evidence.latency[index], latency.weight),
    })),
    ...TOGETHER.flatMap((pair, index) => {
      const errors = EXTRA_ERRORS[pair.errors];
      const latency = SLOW_DOWNS[pair.latency];
      if (!errors || !latency) return [];
      return [{ ...NONE, errors, latency, score: score(evidence.together[index], 0.25 * pair.weight) }];
    }),
    ...lossCandidates(outcomes, options),
  ];
}

function lossCandidates(outcomes: OutcomeState | null, options: RuleOptions): Candidate[] {
  const { outcomes: wanted } = options;
  if (!outcomes || !wanted || !outcomeLogs(outcomes, options).speaks) return [];
  return (lossesInUnits(outcomes.memory, wanted) ?? []).map((loss, index) => ({
    ...NONE,
    outcomes: loss,
    score: (outcomes.evidence[index] ?? 0) + Math.log(0.25 * (OUTCOME_LOSSES[index]?.weight ?? 1)),
  }));
}

function growthPerRequest(state: RuleState, options: RuleOptions, best: Omit<Candidate, 'score'>): number {
  if (state.lastMix.green === 0) return 0;
  const ofErrors = best.errors ? errorGrowth(state, options, best.errors) : 0;
  const ofLatency = best.latency ? latencyGrowth(state, options, best.latency) : 0;
  return (ofErrors + ofLatency) / state.lastMix.green;
}

function errorGrowth(state: RuleState, options: RuleOptions, alternative: ExtraErrors): number {
  const line = { ratio: 1, offset: options.errorMargin };
  const predicted = failingMore(predictedRate(state.base), alternative, line);
  return predicted ? expectedBinaryEvidence(state.lastMix, predicted, line) / options.designEffects.errors : 0;
}

function latencyGrowth(state: RuleState, options: RuleOptions, alternative: SlowDown): number {
  const shape = smoothShape(state.shape);
  const slowed = slowedShape(shape, alternative, options.latencyMarginBins);
  const { green, blue } = state.lastMix;
  const log = logTiltEvidence(
    slowed.map((mass) => mass * green),
    shape.map((mass) => mass * blue),
    tiltOf(slowed, shape),
  );
  return log / options.designEffects.latency;
}
