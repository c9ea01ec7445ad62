/** What the rollout asks of its judge; the judge itself is in judge.ts. */
import type { CanaryPolicy } from '../policy/policy.ts';
import type { AnswersRead } from './answers/take-answers.ts';
import type { Decision } from './decision.ts';
import type { TrafficBucket } from './traffic-buckets.ts';

/** One stretch of constant traffic under judgement. */
export interface JudgedStretch {
  readonly phase: 'shadowing' | 'watching' | 'baking';
  /** Start of the stretch, epoch milliseconds; it identifies the stretch. */
  readonly sinceMs: number;
  /** Buckets that must have been judged before the stretch can end well. */
  readonly dwellBuckets: number;
  /** True where a passed stretch means promotion rather than the next step. */
  readonly lastStep: boolean;
  /** False where blue gets no requests by intention: green is then compared with blue as it was. */
  readonly blueServed: boolean;
}

/** One look: every complete bucket since the last one, oldest first; redelivered buckets change nothing. */
export interface Look {
  readonly policy: CanaryPolicy;
  readonly stretch: JudgedStretch;
  readonly buckets: readonly TrafficBucket[];
  readonly answers: AnswersRead;
  /** True once a person has said that green may predict otherwise than blue. */
  readonly shiftAccepted: boolean;
}

/** A judge's answer; `State` is its memory for the next look, small JSON. */
export interface Judgement<State> {
  readonly decision: Decision;
  readonly state: State;
}
