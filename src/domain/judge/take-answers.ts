/**
 * Takes what was read of green's and blue's answers into the judge's memory, and says what is to be read next.
 *
 * 1. Blue's answers before the first judged bucket say what is usual. Where they are too few, later ones of blue help,
 *    and the buckets up to then are not judged: nothing is compared with itself.
 * 2. Buckets are taken once, in order; outcomes of live requests count only while both arms had some.
 */
import type { CanaryPolicy } from './canary-policy.ts';
import { type JudgeOptions, judgeOptions, stateOf, termsOf } from './judge-options.ts';
import { isLive, type JudgeState } from './judge-state.ts';
import { ANSWERS_METRICS } from './metrics/all-metrics.ts';
import { type AnswersMetric, type AnswersMetricState, isTaken } from './metrics/metric.ts';
import type { AnswersRead, DueAnswers, ReadAnswers, WantedAnswers } from './reading/answers.ts';
import { dueWindow, firstBucketMs, HISTORY_BUCKETS } from './reading/reading-window.ts';

/** What a look has to read for one metric. */
export interface DueReading {
  readonly metric: string;
  readonly wanted: WantedAnswers;
  readonly due: DueAnswers;
}

/** For each metric on answers that the policy asks for and for which something is due. */
export function dueReadings(state: JudgeState, policy: CanaryPolicy, nowMs: number): DueReading[] {
  const options = judgeOptions(policy, state.designEffects);
  const bucketMs = policy.bucketSeconds * 1000;
  const firstMs = firstBucketMs(state.sinceMs, bucketMs);
  return ANSWERS_METRICS.flatMap((metric) => {
    const terms = termsOf(options, metric);
    if (!terms) return [];
    const wanted = metric.wanted(terms.settings);
    const fromMs = Math.max(untilMsOf(state, metric), firstMs);
    const window = dueWindow(bucketMs, fromMs, nowMs, wanted.delayBuckets);
    if (!window) return [];
    const isHistoryKnown = stateOf(state.metrics, metric) !== null;
    const blueFromMs = isHistoryKnown ? fromMs : firstMs - HISTORY_BUCKETS * bucketMs;
    return [{ metric: metric.name, wanted, due: { ...window, blueFromMs } }];
  });
}

/** Throws a RangeError that names the bucket where its counts cannot be true. */
export function takeAnswers(
  state: JudgeState,
  answers: AnswersRead,
  bucketMs: number,
  options: JudgeOptions,
): JudgeState {
  let taken = state;
  for (const metric of ANSWERS_METRICS) {
    const read = answers[metric.name];
    if (!read || read.due.toMs <= untilMsOf(taken, metric)) continue;
    const metrics = { ...taken.metrics, [metric.name]: stateAfter(taken, metric, read, { bucketMs, options }) };
    const untilMs = { ...taken.answers.untilMs, [metric.name]: read.due.toMs };
    taken = { ...taken, metrics, answers: { ...taken.answers, untilMs } };
  }
  return taken;
}

interface Judging {
  readonly bucketMs: number;
  readonly options: JudgeOptions;
}

function stateAfter(
  { metrics, answers: { live } }: JudgeState,
  metric: AnswersMetric,
  read: ReadAnswers,
  { bucketMs, options }: Judging,
): AnswersMetricState | null {
  const known = stateOf(metrics, metric) as AnswersMetricState | null;
  const terms = termsOf(options, metric);
  if (!terms) return known;
  const begun = (untilMs: number) => {
    const blue = read.answers.blue.filter(({ atMs }) => atMs < untilMs);
    return metric.start(metric.historyOf(blue, read.outcomes, terms.settings));
  };
  const before = known ?? begun(read.due.fromMs);
  if (!before) return begun(read.due.toMs);
  const counts = (startMs: number) => !metric.isOfLiveRequests(terms.settings) || isLive(live, startMs, bucketMs);
  return metric
    .bucketsOf(before, read, bucketMs, terms.settings)
    .filter(({ startMs }) => counts(startMs))
    .reduce((memory, bucket) => (isTaken(memory, bucket) ? memory : metric.step(memory, bucket, terms)), before);
}

function untilMsOf({ answers }: JudgeState, { name }: AnswersMetric): number {
  return answers.untilMs[name] ?? 0;
}
