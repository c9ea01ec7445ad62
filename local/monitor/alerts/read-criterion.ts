/** Aggregates a metric over a rule's window, one reading per combination of the dimensions that the criterion names. */
import type { MetricDefinition } from '../metrics/metric-catalog.ts';
import type { Sample } from '../metrics/metric-samples.ts';
import type { Criterion } from './alert-rule.ts';

export interface CriterionReading {
  readonly dimensions: readonly { readonly name: string; readonly value: string }[];
  readonly metricValue: number;
  readonly isMet: boolean;
}

/** Combinations without a sample have no reading. */
export function readCriterion(
  criterion: Criterion,
  metric: MetricDefinition,
  samples: readonly Sample[],
): readonly CriterionReading[] {
  const wanted = criterion.dimensions.map((dimension) => ({
    name: dimension.name,
    position: metric.dimensions.findIndex(({ name }) => name.toLowerCase() === dimension.name.toLowerCase()),
    accepts: acceptance(dimension),
  }));
  const totals = new Map<string, { values: readonly string[]; sum: number; count: number }>();
  for (const sample of samples) {
    const values = wanted.map(({ position }) => sample.dimensions[position] ?? '');
    if (!wanted.every(({ accepts }, index) => accepts(values[index] ?? ''))) continue;
    const key = JSON.stringify(values);
    const total = totals.get(key) ?? { values, sum: 0, count: 0 };
    totals.set(key, { values, sum: total.sum + sample.sum, count: total.count + sample.count });
  }
  return [...totals.values()].map(({ values, sum, count }) => {
    const metricValue = sum / count;
    const dimensions = wanted.map(({ name }, index) => ({ name, value: values[index] ?? '' }));
    return { dimensions, metricValue, isMet: isMet(criterion, metricValue) };
  });
}

function acceptance({ operator, values }: Criterion['dimensions'][number]): (value: string) => boolean {
  const listed = new Set(values.map((value) => value.toLowerCase()));
  if (operator === 'Exclude') return (value) => !listed.has(value.toLowerCase());
  return listed.has('*') ? () => true : (value) => listed.has(value.toLowerCase());
}

function isMet({ operator, threshold }: Criterion, value: number): boolean {
  switch (operator) {
    case 'Equals':
      return value === threshold;
    case 'GreaterThan':
      return value > threshold;
    case 'GreaterThanOrEqual':
      return value >= threshold;
    case 'LessThan':
      return value < threshold;
    case 'LessThanOrEqual':
      return value <= threshold;
  }
}
