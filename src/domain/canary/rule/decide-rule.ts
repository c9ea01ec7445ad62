/**
 * The decision of one look: rollback, promote, next step, continue or hold, with its numbers and a sentence.
 *
 * 1. Guards come first; then evidence against green; only then assurance for it.
 * 2. Nothing is promoted without data, before the soak, or silently at the horizon.
 */
import type { DecisionKind } from '../decision.ts';
import {
  type CombinedEvidence,
  combineAssurance,
  combineEvidence,
  guiltyMetrics,
  type RuleMetric,
  speakingMetrics,
} from './combined-evidence.ts';
import { type GuardFinding, guardFinding } from './guard.ts';
import { leadingAlternative } from './leading-alternative.ts';
import type { DesignEffects, RuleOptions } from './rule-options.ts';
import { alternativeSentence, chanceSentence, countsSentence, remainingRequests } from './rule-sentence.ts';
import type { RuleState } from './rule-state.ts';

/** What the rollout knows beside the buckets. */
export interface RuleSituation {
  /** True where a passed look means promotion rather than the next step. */
  readonly lastStep: boolean;
  /** False until the present step has lasted its minimum dwell. */
  readonly dwellOver: boolean;
  readonly crashLooping: boolean;
}

export interface RuleDecision {
  readonly kind: DecisionKind;
  readonly sentence: string;
  /** ln E against green; rollback from ln(1/alpha). */
  readonly logEvidence: number;
  readonly logEvidencePerMetric: Readonly<Record<RuleMetric, number>>;
  /** ln P for green; promotion from ln(1/beta). */
  readonly logAssurance: number;
  readonly guilty: readonly RuleMetric[];
  readonly guard: GuardFinding['guard'] | null;
  readonly leadingAlternative: string;
  /** Requests of green until rollback if the leading alternative is true. */
  readonly remainingRequests: number | null;
  readonly bucketsUsed: number;
  readonly bucketsExcluded: number;
  readonly designEffects: DesignEffects;
}

export const PLAIN_SITUATION: RuleSituation = { lastStep: true, dwellOver: true, crashLooping: false };

export function decideRule(
  state: RuleState,
  options: RuleOptions,
  situation: RuleSituation = PLAIN_SITUATION,
): RuleDecision {
  const evidence = combineEvidence(state, options);
  const logAssurance = combineAssurance(state, options);
  const leading = leadingAlternative(state, options);
  const guard = guardFinding(state.guard, options, situation.crashLooping);
  const kind =
    guard?.kind === 'rollback' ? 'rollback' : kindOf(state, options, situation, evidence, logAssurance, guard);
  const facts = {
    logEvidence: evidence.log,
    logEvidencePerMetric: evidence.perMetric,
    logAssurance,
    guilty:
      evidence.log >= Math.log(1 / options.alpha)
        ? guiltyOf(evidence, speakingMetrics(state, options), options.alpha)
        : [],
    guard: guard?.guard ?? null,
    leadingAlternative: alternativeSentence(leading),
    remainingRequests: remainingRequests(evidence, leading, options),
    bucketsUsed: state.looks,
    bucketsExcluded: state.warmUps,
    designEffects: options.designEffects,
  };
  return { kind, sentence: sentenceOf(kind, state, options, facts, guard), ...facts };
}

/** Whether the rule rolls back or promotes at this look, without the numbers: the same decision at less cost. */
export function decideKind(
  state: RuleState,
  options: RuleOptions,
  situation: RuleSituation = PLAIN_SITUATION,
): DecisionKind {
  const guard = guardFinding(state.guard, options, situation.crashLooping);
  if (guard?.kind === 'rollback') return 'rollback';
  const evidence = combineEvidence(state, options);
  return kindOf(state, options, situation, evidence, combineAssurance(state, options), guard);
}

function kindOf(
  state: RuleState,
  options: RuleOptions,
  { lastStep, dwellOver }: RuleSituation,
  evidence: CombinedEvidence,
  logAssurance: number,
  guard: GuardFinding | null,
): DecisionKind {
  if (evidence.log >= Math.log(1 / options.alpha)) return 'rollback';
  if (guard) return guard.kind;
  const soaked = state.looks >= options.soakLooks;
  if (lastStep && dwellOver && soaked && logAssurance >= Math.log(1 / options.beta)) return 'promote';
  if (!lastStep && dwellOver && logAssurance >= Math.log(1 / options.betaStep)) return 'next-step';
  if (state.looks < options.start.horizonLooks || options.atHorizon === 'extend') return 'continue';
  return options.atHorizon;
}

/** e-BH may name none where the metrics are guilty only together: then those are named that speak against green. */
function guiltyOf({ perMetric }: CombinedEvidence, speaking: readonly RuleMetric[], alpha: number): RuleMetric[] {
  const named = guiltyMetrics(Object.fromEntries(speaking.map((metric) => [metric, perMetric[metric]])), alpha);
  return named.length > 0 ? named : speaking.filter((metric) => perMetric[metric] > 0);
}

type Facts = Omit<RuleDecision, 'kind' | 'sentence'>;

function sentenceOf(
  kind: DecisionKind,
  state: RuleState,
  options: RuleOptions,
  facts: Facts,
  guard: GuardFinding | null,
): string {
  if (guard && guard.kind === kind) return guard.sentence;
  const chance = chanceSentence(facts.logEvidence);
  const counts = countsSentence(state);
  if (kind === 'rollback' && facts.logEvidence >= Math.log(1 / options.alpha)) {
    const metrics = speakingMetrics(state, options);
    const agree = `${facts.guilty.length} of ${metrics.length} metrics agree (${facts.guilty.join(', ')})`;
    return `Best explanation: ${facts.leadingAlternative}; ${chance}; ${agree}; ${counts}.`;
  }
  if (kind === 'promote' || kind === 'next-step') {
    const risk = Number((100 * Math.exp(-facts.logAssurance)).toPrecision(1));
    return `Green is within its promotion margins on every metric, at a risk of ${risk} %; ${counts}${unheardSentence(state, options)}.`;
  }
  const undecided = state.looks >= options.start.horizonLooks ? `Undecided after ${state.looks} buckets: ` : '';
  const more =
    facts.remainingRequests !== null && facts.logEvidence > Math.log(2)
      ? `; about ${facts.remainingRequests.toLocaleString('en-US')} more green requests would settle "${facts.leadingAlternative}"`
      : '';
  return `${undecided}${counts}; ${chance}${more}${unheardSentence(state, options)}.`;
}

function unheardSentence(state: RuleState, options: RuleOptions): string {
  if (!options.outcomes || speakingMetrics(state, options).includes('outcomes')) return '';
  const waits = options.outcomes.requiredForPromotion ? ', and promotion waits for them' : '';
  return `; too few outcomes are known to judge them${waits}`;
}
