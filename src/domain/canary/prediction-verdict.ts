/** The verdict on what green predicts: whether its predictions are distributed as blue's, within the policy's margin. */
import type { CanaryPolicy } from '../policy/policy.ts';
import type { MetricVerdict } from './decision.ts';
import type { JudgeState } from './judge-state.ts';
import { predictionFinding } from './rule/predictions/prediction-finding.ts';
import { predictionOptionsOf } from './rule-options-of.ts';

/** Null where the policy does not ask; `fail` until a person has accepted the shift. */
export function predictionVerdict(
  { answers, designEffects }: JudgeState,
  policy: CanaryPolicy,
  shiftAccepted: boolean,
): MetricVerdict | null {
  const options = predictionOptionsOf(policy, designEffects);
  if (!options) return null;
  const verdict = { metric: 'predictions', cause: null } as const;
  if (!answers.predictions) {
    const sentence = 'Too few predictions of blue are collected to compare with.';
    return { ...verdict, verdict: 'inconclusive', sentence, numbers: {} };
  }
  const { shifted, logEvidence, sentence, greenShare, blueShare } = predictionFinding(answers.predictions, options);
  const numbers = { greenShare, blueShare, logEvidence: Math.round(logEvidence * 1000) / 1000 };
  if (!shifted) return { ...verdict, verdict: 'inconclusive', sentence, numbers };
  const accepted = shiftAccepted ? ({ verdict: 'pass', sentence: `${sentence} Accepted.` } as const) : null;
  return { ...verdict, verdict: 'fail', sentence, numbers, ...accepted };
}
