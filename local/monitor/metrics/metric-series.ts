/**
 * Aggregates samples into time series. An average is the sum of the samples over their number, also across the values
 * of dimensions that the filter does not name ("Azure Monitor Metrics aggregation and display explained"): only a
 * query that splits by every dimension may add request counts up.
 */
import type { Dimension } from './metric-catalog.ts';
import type { DimensionFilter } from './metric-filter.ts';
import type { Sample } from './metric-samples.ts';

export interface SeriesQuery {
  readonly dimensions: readonly Dimension[];
  readonly filters: readonly DimensionFilter[];
  readonly startMs: number;
  readonly endMs: number;
  readonly intervalMs: number;
  /** Series to return at most. */
  readonly top: number;
  readonly order: 'ascending' | 'descending' | undefined;
}

export interface Series {
  readonly split: readonly { readonly dimension: string; readonly value: string }[];
  /** One per interval; a missing average means no samples. */
  readonly points: readonly { readonly startMs: number; readonly average: number | undefined }[];
}

interface Bucket {
  sum: number;
  count: number;
}

interface Building {
  readonly values: readonly string[];
  readonly total: Bucket;
  readonly buckets: Map<number, Bucket>;
}

export function buildSeries(samples: readonly Sample[], query: SeriesQuery): readonly Series[] {
  const building = new Map<string, Building>();
  if (query.filters.length === 0) building.set('', emptySeries([]));
  const positions = query.filters.map(({ dimension }) => position(query.dimensions, dimension));
  for (const sample of samples) {
    const values = positions.map((index) => sample.dimensions[index] ?? '');
    const isWanted = query.filters.every((filter, index) => accepts(filter, values[index] ?? ''));
    if (!isWanted) continue;
    const key = values.join('\n');
    const series = building.get(key) ?? emptySeries(values);
    building.set(key, series);
    const start = Math.floor(sample.grainStartMs / query.intervalMs) * query.intervalMs;
    const bucket = series.buckets.get(start) ?? { sum: 0, count: 0 };
    series.buckets.set(start, bucket);
    for (const target of [bucket, series.total]) {
      target.sum += sample.sum;
      target.count += sample.count;
    }
  }
  return ordered([...building.values()], query)
    .slice(0, query.top)
    .map((series) => finish(series, query));
}

function emptySeries(values: readonly string[]): Building {
  return { values, total: { sum: 0, count: 0 }, buckets: new Map() };
}

function position(dimensions: readonly Dimension[], name: string): number {
  return dimensions.findIndex((dimension) => dimension.name.toLowerCase() === name);
}

function accepts(filter: DimensionFilter, value: string): boolean {
  return filter.values === undefined || filter.values.has(value.toLowerCase());
}

function ordered(series: readonly Building[], query: SeriesQuery): readonly Building[] {
  const { order } = query;
  if (!order) return series;
  const sign = order === 'ascending' ? 1 : -1;
  const average = ({ total }: Building) => total.sum / Math.max(1, total.count);
  return series.toSorted((left, right) => sign * (average(left) - average(right)));
}

function finish(series: Building, query: SeriesQuery): Series {
  const points: { startMs: number; average: number | undefined }[] = [];
  const first = Math.floor(query.startMs / query.intervalMs) * query.intervalMs;
  for (let startMs = first; startMs < query.endMs; startMs += query.intervalMs) {
    const bucket = series.buckets.get(startMs);
    points.push({ startMs, average: bucket ? bucket.sum / bucket.count : undefined });
  }
  const split = query.filters.map(({ dimension }, index) => ({ dimension, value: series.values[index] ?? '' }));
  return { split, points };
}
