/** Turns the judge's decision of one look into the rollout's next move. */
import { assertNever } from '../assert-never.ts';
import type { DecisionKind, MetricVerdict } from '../judge/decision.ts';
import { phaseOfStep, weightOf } from './plan.ts';
import { callOperator, move, type Progress, rollBack, type StatePatch, stay } from './progress.ts';
import { type Pause, type RolloutState, SLIPWAY } from './state.ts';

/** What the judging activity answered. */
export interface LookAnswer {
  readonly decision: DecisionKind;
  readonly sentence: string;
  readonly verdicts: readonly Pick<MetricVerdict, 'metric' | 'verdict'>[];
  readonly evidence: string;
}

/** A paused rollout and one that waits for an approval still roll back, but never move forward by themselves. */
export function outcomeOfLook(state: RolloutState, answer: LookAnswer, nowIso: string): Progress {
  const progress = progressOf(state, answer, nowIso);
  return progress.kind === 'stay' ? progress : { ...progress, decision: answer.decision };
}

function progressOf(state: RolloutState, answer: LookAnswer, nowIso: string): Progress {
  const patch: StatePatch = { evidence: answer.evidence, looks: state.looks + 1 };
  const waitSeconds = state.policy.canary.bucketSeconds;
  switch (answer.decision) {
    case 'rollback': {
      const noData = answer.verdicts.length > 0 && answer.verdicts.every(({ verdict }) => verdict === 'no-data');
      const failed = answer.verdicts.filter(({ verdict }) => verdict === 'fail');
      const cause = { actor: 'judge', failedMetrics: failed.map(({ metric }) => metric) };
      return rollBack(noData ? 'no-data' : 'canary-failed', answer.sentence, cause, patch);
    }
    case 'hold':
      return hold(state, answer, nowIso, patch);
    case 'continue':
      return stay(answer.sentence, waitSeconds, patch);
    case 'next-step':
    case 'promote':
      if (state.paused) return stay(`Paused. ${answer.sentence}`, waitSeconds, patch);
      if (state.phase === 'awaiting-approval') return stay(state.note, waitSeconds, patch);
      return forward(state, answer.sentence, patch);
    default:
      return assertNever(answer.decision);
  }
}

/** What only waits for data goes on by itself; a shift of the predictions waits for a person's resume. */
function hold(state: RolloutState, { sentence, verdicts }: LookAnswer, sinceIso: string, patch: StatePatch): Progress {
  const waitSeconds = state.policy.canary.bucketSeconds;
  const isShift = verdicts.some(({ metric, verdict }) => metric === 'predictions' && verdict === 'fail');
  if (!isShift) return callOperator(sentence, waitSeconds, patch);
  if (state.paused) return stay(`Paused. ${sentence}`, waitSeconds, patch);
  const reason = `${sentence} Resume the rollout if that is intended, or abort it.`;
  const paused: Pause = { kind: 'prediction-shift', by: SLIPWAY, reason, sinceIso };
  return callOperator(reason, waitSeconds, { ...patch, paused });
}

function forward(state: RolloutState, sentence: string, patch: StatePatch): Progress {
  if (state.phase === 'baking') return move('retiring', sentence, patch);
  const stepIndex = state.phase === 'shadowing' ? 0 : state.stepIndex + 1;
  const to = phaseOfStep(state.policy, stepIndex);
  return move(to, `${sentence} Next: ${weightOf(state.policy, stepIndex)} %.`, { ...patch, stepIndex });
}
