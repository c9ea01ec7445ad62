/** The judge's memory between two looks: plain JSON, the same for the same buckets. */
import { type AnswersState, liveTimeIn, NO_ANSWERS } from './answers/answers-state.ts';
import type { BaselineHistory } from './baseline-history.ts';
import type { JudgedStretch } from './judge-contract.ts';
import type { DesignEffects } from './rule/rule-options.ts';
import { type RuleState, startRule } from './rule/rule-state.ts';
import { type ArmCounts, NO_REQUESTS } from './traffic-buckets.ts';

export interface JudgeState {
  readonly stretchSinceMs: number;
  /** End of the last bucket taken in; 0 before the first. */
  readonly judgedUntilMs: number;
  /** Buckets judged in the present stretch; those of the warm-up are not among them. */
  readonly buckets: number;
  /** Both arms in the present stretch, for people: the rule does not read them. */
  readonly green: ArmCounts;
  readonly blue: ArmCounts;
  /** True once any request of that arm was seen in this rollout. */
  readonly greenSeen: boolean;
  readonly blueSeen: boolean;
  /** Start of the first stretch, epoch milliseconds. */
  readonly sinceMs: number;
  /** Fixed before the first bucket, so that no bucket judges itself. */
  readonly designEffects: DesignEffects;
  /** Evidence of the whole rollout: it is kept when the traffic's share changes. */
  readonly rule: RuleState;
  /** Buckets that were judged before the rule last began a new horizon. */
  readonly earlierLooks: number;
  readonly answers: AnswersState;
}

export function startJudge(stretch: JudgedStretch, { traffic, designEffects }: BaselineHistory): JudgeState {
  return {
    stretchSinceMs: stretch.sinceMs,
    judgedUntilMs: 0,
    buckets: 0,
    green: NO_REQUESTS,
    blue: NO_REQUESTS,
    greenSeen: false,
    blueSeen: traffic.requests > 0,
    sinceMs: stretch.sinceMs,
    designEffects,
    rule: startRule({ traffic }),
    earlierLooks: 0,
    answers: { ...NO_ANSWERS, live: liveTimeIn(NO_ANSWERS, stretch) },
  };
}

/** A new stretch has its own dwell and its own numbers for people. */
export function enterStretch(state: JudgeState, stretch: JudgedStretch): JudgeState {
  if (state.stretchSinceMs === stretch.sinceMs) return state;
  const answers = { ...state.answers, live: liveTimeIn(state.answers, stretch) };
  return { ...state, answers, stretchSinceMs: stretch.sinceMs, buckets: 0, green: NO_REQUESTS, blue: NO_REQUESTS };
}
