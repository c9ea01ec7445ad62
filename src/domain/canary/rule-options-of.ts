/** The policy's words as the options of the decision rule. */
import type { CanaryPolicy } from '../policy/policy.ts';
import { isShare } from './answers/outcome-value.ts';
import type { OutcomeOptions } from './rule/outcomes/outcome-options.ts';
import type { PredictionOptions } from './rule/predictions/step-predictions.ts';
import { DEFAULT_RULE_OPTIONS, type DesignEffects, type RuleOptions } from './rule/rule-options.ts';
import type { StartPrior } from './rule/start-mixing.ts';
import { LATENCY_GAMMA } from './traffic-buckets.ts';

/** Share of requests above each quantile. */
const TAILS = { 50: 0.5, 95: 0.05, 99: 0.01 } as const;

/** The rule never decides at the horizon: the judge does, because only it knows whether the present step's dwell is over. */
export function ruleOptionsOf(policy: CanaryPolicy, designEffects: DesignEffects): RuleOptions {
  return {
    alpha: policy.alpha,
    beta: policy.beta,
    betaStep: policy.betaStep,
    errorMargin: policy.errors.margin,
    latencyMarginBins: wholeBins(policy.latency.margin),
    promoteErrorMargin: policy.errors.promoteMargin,
    promoteLatencyMarginBins: Math.max(1, wholeBins(policy.latency.promoteMargin)),
    assuredTails: policy.latency.promoteQuantiles.map((quantile) => TAILS[quantile]),
    outcomes: outcomesOf(policy),
    designEffects,
    warmUpBuckets: policy.warmUpBuckets,
    soakLooks: policy.soakBuckets,
    start: startOf(policy),
    atHorizon: 'extend',
    holdAfterSilentLooks: policy.noDataBuckets,
    rollbackAfterSilentLooks: 2 * policy.noDataBuckets,
  };
}

/** Null where the policy does not compare predictions. */
export function predictionOptionsOf(policy: CanaryPolicy, effects: DesignEffects): PredictionOptions | null {
  return (
    policy.predictions && {
      margin: policy.predictions.margin,
      alpha: policy.alpha,
      // Shares of predictions below a line are as shares of slow requests; the larger effect is the safe one.
      designEffect: Math.max(effects.errors, effects.latency),
      start: startOf(policy),
    }
  );
}

function outcomesOf({ outcomes }: CanaryPolicy): OutcomeOptions | null {
  if (!outcomes) return null;
  const { measure, margin, promoteMargin, requiredForPromotion } = outcomes;
  return { kind: isShare(measure) ? 'rate' : 'mean', margin, promoteMargin, requiredForPromotion };
}

function startOf({ horizonBuckets }: CanaryPolicy): StartPrior {
  return { first: DEFAULT_RULE_OPTIONS.start.first, horizonLooks: horizonBuckets };
}

/** Latencies are counted in bins of 10.4 %, so a slow-down is rounded to whole bins. */
function wholeBins(slowDown: number): number {
  return Math.round(Math.log1p(slowDown) / Math.log(LATENCY_GAMMA));
}
