/** The verdict on each metric, with the numbers and a sentence that a person can check. */
import { shownLog } from '../text/numbers.ts';
import type { MetricVerdict, Verdict } from './decision.ts';
import type { JudgeState } from './judge-state.ts';
import { TRAFFIC_METRICS } from './metrics/all-metrics.ts';
import { chanceSentence } from './sentences.ts';
import { type SilenceFinding, silenceSentence } from './silence.ts';
import type { AskedMetric } from './weigh-evidence.ts';

/** What was decided on the evidence, as far as verdicts follow from it. */
export interface Ruled {
  /** Metrics that turn green back. */
  readonly guilty: readonly string[];
  readonly alpha: number;
  /** What the assurance of a metric must reach for it to pass. */
  readonly logPass: number;
  /** True once a person has said that green may differ in what only asks. */
  readonly isAccepted: boolean;
}

/** In the order of the metrics, those that only ask last. */
export function verdictsOf(asked: readonly AskedMetric[], shown: JudgeState, ruled: Ruled): MetricVerdict[] {
  const isAsking = ({ metric }: AskedMetric) => metric.effect === 'asks';
  const ordered = [...asked.filter((one) => !isAsking(one)), ...asked.filter(isAsking)];
  return ordered.flatMap((one) => verdictOf(one, shown, ruled) ?? []);
}

/** Null where the metric has no verdict of its own, or has not begun and turns nothing back. */
function verdictOf({ metric, terms, state }: AskedMetric, shown: JudgeState, ruled: Ruled): MetricVerdict | null {
  const named = { metric: metric.name, cause: null };
  if (!state) {
    if (metric.effect !== 'asks') return null;
    return { ...named, verdict: 'inconclusive', sentence: asSentence(metric.unheard ?? ''), numbers: {} };
  }
  if (!metric.hasVerdict) return null;
  const told = metric.sentence(state, terms, shown);
  const log = metric.evidence(state, terms);
  const numbers = { ...told.numbers, logEvidence: shownLog(log) };
  if (metric.effect === 'asks') return { ...named, ...askingVerdict(told.seen, log, ruled), numbers };
  const assurance = metric.assurance(state, terms);
  const verdict = turningVerdict(metric.name, assurance, ruled);
  const sentence =
    verdict === 'pass'
      ? `${told.seen}: within the promotion margin.`
      : `${told.seen} in this step; ${chanceSentence(log)}.`;
  return { ...named, verdict, sentence, numbers: { ...numbers, logAssurance: shownLog(assurance) } };
}

function turningVerdict(name: string, assurance: number, { guilty, logPass }: Ruled): Verdict {
  if (guilty.includes(name)) return 'fail';
  return assurance >= logPass ? 'pass' : 'inconclusive';
}

function askingVerdict(
  seen: string,
  log: number,
  { alpha, isAccepted }: Ruled,
): Pick<MetricVerdict, 'verdict' | 'sentence'> {
  if (log < Math.log(1 / alpha)) return { verdict: 'inconclusive', sentence: seen };
  return isAccepted ? { verdict: 'pass', sentence: `${seen} Accepted.` } : { verdict: 'fail', sentence: seen };
}

/** Without requests no metric on traffic can say anything. */
export function silentVerdicts(
  asked: readonly AskedMetric[],
  finding: SilenceFinding,
  isRolledBack: boolean,
): MetricVerdict[] {
  const sentence = silenceSentence(finding, isRolledBack);
  const numbers = { emptyBuckets: finding.buckets };
  return asked
    .filter(({ metric }) => metric.hasVerdict && TRAFFIC_METRICS.includes(metric))
    .map(({ metric }) => ({
      metric: metric.name,
      verdict: 'no-data',
      cause: finding.cause,
      sentence,
      numbers,
    }));
}

function asSentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
