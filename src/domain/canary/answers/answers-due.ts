/** Which answers a look has to read, and from when on blue's are read to know what is usual. */
import type { CanaryPolicy } from '../../policy/policy.ts';
import type { JudgeState } from '../judge-state.ts';
import { HISTORY_BUCKETS, type ReadingWindow } from '../reading-window.ts';
import { dueWindow } from './due-window.ts';

export interface DueAnswers extends ReadingWindow {
  /** Blue's answers are read from here on: before `fromMs` where its history is not known yet. */
  readonly blueFromMs: number;
}

/** Null where nothing is due, or the policy does not ask. */
export function duePredictions(state: JudgeState, policy: CanaryPolicy, nowMs: number): DueAnswers | null {
  if (!policy.predictions) return null;
  const { predictedUntilMs, predictions } = state.answers;
  return due(state, policy, nowMs, predictedUntilMs, policy.predictions.settleBuckets, predictions !== null);
}

export function dueOutcomes(state: JudgeState, policy: CanaryPolicy, nowMs: number): DueAnswers | null {
  if (!policy.outcomes) return null;
  const isKnown = state.rule.outcomes !== null;
  return due(state, policy, nowMs, state.answers.outcomesUntilMs, policy.outcomes.maturityBuckets, isKnown);
}

function due(
  { sinceMs }: JudgeState,
  { bucketSeconds }: CanaryPolicy,
  nowMs: number,
  untilMs: number,
  delayBuckets: number,
  isHistoryKnown: boolean,
): DueAnswers | null {
  const bucketMs = bucketSeconds * 1000;
  const firstMs = Math.ceil(sinceMs / bucketMs) * bucketMs;
  const window = dueWindow(bucketMs, Math.max(untilMs, firstMs), nowMs, delayBuckets);
  return window && { ...window, blueFromMs: isHistoryKnown ? window.fromMs : firstMs - HISTORY_BUCKETS * bucketMs };
}
