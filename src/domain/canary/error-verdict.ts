/** Verdict on the error rate: green against blue, with the tolerated and the acceptable extra rate of the policy. */
import type { ErrorMetricPolicy } from '../policy/policy.ts';
import type { MetricVerdict } from './decision.ts';
import { compareProportions, Z_HARM, Z_HARMLESS } from './proportion.ts';
import type { ArmCounts } from './traffic-buckets.ts';

export function judgeErrors(green: ArmCounts, blue: ArmCounts, policy: ErrorMetricPolicy): MetricVerdict {
  const { difference, error } = compareProportions(
    { hits: green.errors, of: green.requests },
    { hits: blue.errors, of: blue.requests },
  );
  const numbers = {
    greenRequests: green.requests,
    greenErrors: green.errors,
    blueRequests: blue.requests,
    blueErrors: blue.errors,
  };
  const seen = `${green.errors} of ${green.requests} green requests failed, ${blue.errors} of ${blue.requests} blue ones`;
  const metric = 'errors' as const;
  if (difference - Z_HARM * error > policy.margin) {
    const sentence = `${seen}: more than the tolerated extra ${percent(policy.margin)}.`;
    return { metric, verdict: 'fail', cause: null, sentence, numbers };
  }
  if (green.requests >= policy.minSamples && difference + Z_HARMLESS * error < policy.promoteMargin) {
    const sentence = `${seen}: at most ${percent(policy.promoteMargin)} more errors.`;
    return { metric, verdict: 'pass', cause: null, sentence, numbers };
  }
  const wanted = Math.max(0, policy.minSamples - green.requests);
  const why = wanted > 0 ? `${wanted} more requests are wanted` : 'the difference is still uncertain';
  return { metric, verdict: 'inconclusive', cause: null, sentence: `${seen}; ${why}.`, numbers };
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(2))} %`;
}
