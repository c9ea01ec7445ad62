/** Answers a metrics query from the requests that were served; values appear `delayMs` after their grain has ended. */
import { formatDateTime } from '../kql/types/date-time.ts';
import { formatIsoDuration } from '../store/time-range.ts';
import type { MetricDefinition } from './metric-catalog.ts';
import type { MetricResource } from './metric-resource.ts';
import { samplesOf } from './metric-samples.ts';
import { buildSeries, type Series } from './metric-series.ts';
import { parseMetricsParameters } from './metrics-parameters.ts';
import { type PublishedContext, publishedEntries } from './published-entries.ts';

export function queryMetrics(resource: MetricResource, query: unknown, context: PublishedContext): object {
  const { grainMs, nowMs } = context;
  const parameters = parseMetricsParameters(query, { namespace: resource.namespace, grainMs, nowMs });
  const { range, intervalMs } = parameters;
  const firstMs = Math.floor(range.startMs / intervalMs) * intervalMs;
  const untilMs = Math.ceil(range.endMs / intervalMs) * intervalMs;
  const entries = publishedEntries(resource, { firstMs, untilMs }, context);
  const region = entries[0]?.location;
  return {
    cost: 0,
    timespan: `${formatDateTime(range.startMs)}/${formatDateTime(range.endMs)}`,
    interval: formatIsoDuration(intervalMs),
    namespace: resource.namespace.name,
    ...(region === undefined ? {} : { resourceregion: region }),
    value: parameters.metrics.map((metric) => {
      const samples = samplesOf(metric, entries, grainMs);
      const series = buildSeries(samples, { ...parameters, ...range, dimensions: metric.dimensions });
      return metricAnswer(metric, resource, series);
    }),
  };
}

function metricAnswer(metric: MetricDefinition, resource: MetricResource, series: readonly Series[]): object {
  return {
    id: `${resource.id}/providers/Microsoft.Insights/metrics/${metric.name}`,
    type: 'Microsoft.Insights/metrics',
    name: { value: metric.name, localizedValue: metric.displayName },
    displayDescription: metric.description,
    unit: metric.unit,
    errorCode: 'Success',
    timeseries: series.map(({ split, points }) => ({
      metadatavalues: split.map(({ dimension, value }) => ({
        name: { value: dimension, localizedValue: dimension },
        value,
      })),
      data: points.map(({ startMs, average }) => {
        const timeStamp = formatDateTime(startMs);
        return average === undefined ? { timeStamp } : { timeStamp, average };
      }),
    })),
  };
}
