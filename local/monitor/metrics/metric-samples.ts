/**
 * Turns requests into metric samples. A count or percentile is one sample per grain and combination of all dimensions;
 * a latency is one sample per request. A request belongs to the grain in which it started, as its log row does.
 */
import type { TrafficLogEntry } from '../../contracts/traffic-log.ts';
import { nearestRank } from '../kql/functions/percentile.ts';
import type { Measure, MetricDefinition } from './metric-catalog.ts';

export interface Sample {
  readonly grainStartMs: number;
  /** One value per dimension of the metric, in its order. */
  readonly dimensions: readonly string[];
  readonly sum: number;
  readonly count: number;
}

interface Cell {
  readonly grainStartMs: number;
  readonly dimensions: readonly string[];
  readonly latenciesMs: number[];
}

export function samplesOf(
  definition: MetricDefinition,
  entries: readonly TrafficLogEntry[],
  grainMs: number,
): readonly Sample[] {
  const cells = new Map<string, Cell>();
  for (const entry of entries) {
    const grainStartMs = Math.floor(entry.startedAtMs / grainMs) * grainMs;
    const dimensions = definition.dimensions.map((dimension) => dimension.valueOf(entry));
    const key = [grainStartMs, ...dimensions].join('\n');
    const cell = cells.get(key) ?? { grainStartMs, dimensions, latenciesMs: [] };
    cell.latenciesMs.push(entry.totalDurationMs);
    cells.set(key, cell);
  }
  return [...cells.values()].map(({ grainStartMs, dimensions, latenciesMs }) => {
    return { grainStartMs, dimensions, ...measure(definition.measure, latenciesMs) };
  });
}

function measure(kind: Measure, latenciesMs: readonly number[]): { readonly sum: number; readonly count: number } {
  switch (kind.kind) {
    case 'requests':
      return { sum: latenciesMs.length, count: 1 };
    case 'latency':
      return { sum: latenciesMs.reduce((sum, latency) => sum + latency, 0), count: latenciesMs.length };
    case 'latency-percentile':
      return { sum: nearestRank(latenciesMs, kind.percent) ?? 0, count: 1 };
  }
}
