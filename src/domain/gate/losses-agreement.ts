/** Whether the rows that a job wrote are those that its metrics speak of: as many, with the same mean difference. */
import type { LossSample, LossSamples } from './loss-sample.ts';
import { agree, GATE_METRICS, sliceMetrics } from './paired-loss.ts';

type Metrics = Readonly<Record<string, number>>;

/** Of all rows both metrics are needed; of a slice those that were logged count. Every problem names both numbers. */
export function lossesProblems(samples: LossSamples, metrics: Metrics): readonly string[] {
  const problems = ['rows', 'difference_mean']
    .map((name) => GATE_METRICS + name)
    .filter((name) => !Object.hasOwn(metrics, name))
    .map((name) => `The job did not log the metric ${name}.`);
  const ofSlices = Object.entries(samples.slices).map(([slice, sample]) =>
    partProblems(sample, metrics, sliceMetrics(slice)),
  );
  return [...problems, ...partProblems(samples.overall, metrics, GATE_METRICS), ...ofSlices.flat()];
}

function partProblems(sample: LossSample, metrics: Metrics, prefix: string): readonly string[] {
  const rows = metrics[`${prefix}rows`];
  if (rows !== undefined && rows !== sample.rows) {
    return [`The file of losses has ${sample.rows} rows, but the metric ${prefix}rows is ${rows}.`];
  }
  const mean = metrics[`${prefix}difference_mean`];
  const scale = Math.abs(sample.championLoss) + Math.abs(sample.challengerLoss);
  if (mean === undefined || agree(mean, sample.differenceMean, scale)) return [];
  const told = `the mean difference of the file's rows is ${sample.differenceMean}`;
  return [`In the file of losses ${told}, but the metric ${prefix}difference_mean is ${mean}.`];
}
