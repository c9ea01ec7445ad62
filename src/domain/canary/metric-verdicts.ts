/** The verdict on each metric, with the numbers and a sentence that a person can check. */
import type { MetricVerdict, Verdict } from './decision.ts';
import type { JudgeState } from './judge-state.ts';
import { latencyAssuranceOf, type RuleMetric } from './rule/combined-evidence.ts';
import type { RuleDecision } from './rule/decide-rule.ts';
import { outcomeLogs } from './rule/outcomes/outcome-evidence.ts';
import type { ValueSums } from './rule/outcomes/outcome-state.ts';
import type { RuleOptions } from './rule/rule-options.ts';
import { chanceSentence } from './rule/rule-sentence.ts';
import { type ArmCounts, quantileMs } from './traffic-buckets.ts';

type Ruled = Pick<RuleDecision, 'kind' | 'guilty' | 'guard' | 'logEvidencePerMetric'>;

/** `logPass` is what the assurance of a metric must reach for it to pass. */
export function metricVerdicts(
  state: JudgeState,
  ruled: Ruled,
  options: RuleOptions,
  logPass: number,
): readonly MetricVerdict[] {
  const { assurance } = state.rule;
  return [
    ofErrors(state, ruled, assurance.errors, logPass),
    ofLatency(state, ruled, latencyAssuranceOf(assurance, options), logPass),
    ...ofOutcomes(state, ruled, options, logPass),
  ];
}

function ofErrors({ green, blue }: JudgeState, ruled: Ruled, logAssurance: number, logPass: number): MetricVerdict {
  const logEvidence = ruled.logEvidencePerMetric.errors;
  const seen = `${green.errors} of ${green.requests} green requests failed, ${blue.errors} of ${blue.requests} blue ones`;
  const verdict =
    ruled.kind === 'rollback' && ruled.guard === 'no-success'
      ? 'fail'
      : verdictOf(ruled, 'errors', logAssurance, logPass);
  const numbers = {
    greenRequests: green.requests,
    greenErrors: green.errors,
    blueRequests: blue.requests,
    blueErrors: blue.errors,
    logEvidence: rounded(logEvidence),
    logAssurance: rounded(logAssurance),
  };
  return { metric: 'errors', verdict, cause: null, sentence: sentenceOf(seen, verdict, logEvidence), numbers };
}

function ofLatency({ green, blue }: JudgeState, ruled: Ruled, logAssurance: number, logPass: number): MetricVerdict {
  const logEvidence = ruled.logEvidencePerMetric.latency;
  const greenP95Ms = p95Ms(green);
  const blueP95Ms = p95Ms(blue);
  const seen = `p95 is ${greenP95Ms} ms for green, ${blueP95Ms} ms for blue`;
  const verdict = verdictOf(ruled, 'latency', logAssurance, logPass);
  const numbers = { greenP95Ms, blueP95Ms, logEvidence: rounded(logEvidence), logAssurance: rounded(logAssurance) };
  return { metric: 'latency', verdict, cause: null, sentence: sentenceOf(seen, verdict, logEvidence), numbers };
}

function ofOutcomes({ rule }: JudgeState, ruled: Ruled, options: RuleOptions, logPass: number): MetricVerdict[] {
  if (!options.outcomes || !rule.outcomes) return [];
  const { logEvidence, logAssurance } = outcomeLogs(rule.outcomes, options);
  const { green, blue } = rule.outcomes.seen;
  const verdict = verdictOf(ruled, 'outcomes', logAssurance, logPass);
  const seen = `outcomes are ${meanOf(green)} over ${green.count} green answers, ${meanOf(blue)} over ${blue.count} blue ones`;
  const numbers = {
    greenOutcomes: green.count,
    greenSum: green.sum,
    blueOutcomes: blue.count,
    blueSum: blue.sum,
    logEvidence: rounded(logEvidence),
    logAssurance: rounded(logAssurance),
  };
  const sentence = sentenceOf(seen, verdict, logEvidence);
  return [{ metric: 'outcomes', verdict, cause: null, sentence, numbers }];
}

function meanOf({ count, sum }: ValueSums): string {
  return count > 0 ? String(Number((sum / count).toPrecision(3))) : 'unknown';
}

function verdictOf(ruled: Ruled, metric: RuleMetric, logAssurance: number, logPass: number): Verdict {
  if (ruled.kind === 'rollback' && ruled.guilty.includes(metric)) return 'fail';
  return logAssurance >= logPass ? 'pass' : 'inconclusive';
}

function sentenceOf(seen: string, verdict: Verdict, logEvidence: number): string {
  return verdict === 'pass'
    ? `${seen}: within the promotion margin.`
    : `${seen} in this step; ${chanceSentence(logEvidence)}.`;
}

function p95Ms({ latency }: ArmCounts): number {
  return Math.round(quantileMs(latency, 0.95) ?? 0);
}

function rounded(log: number): number {
  return Math.round(log * 1000) / 1000;
}
