/** Reads the query string of a metrics request; refuses what the service refuses and what is not supported here. */
import { z } from 'zod';
import { parseTimeRange, type TimeRange } from '../store/time-range.ts';
import type { MetricDefinition, MetricNamespace } from './metric-catalog.ts';
import { type DimensionFilter, parseMetricFilter } from './metric-filter.ts';
import { parseInterval } from './metric-interval.ts';
import { MetricsProblem } from './metrics-problem.ts';

export interface MetricsParameters {
  readonly metrics: readonly MetricDefinition[];
  readonly range: TimeRange;
  readonly intervalMs: number;
  readonly filters: readonly DimensionFilter[];
  readonly top: number;
  readonly order: 'ascending' | 'descending' | undefined;
}

const MAX_METRICS = 20;
const MAX_POINTS = 50_000;
/** Applies only with a filter, as in the service. */
const DEFAULT_TOP = 10;

const querySchema = z.object({
  'api-version': z.string().regex(/^\d{4}-\d{2}-\d{2}(-preview)?$/),
  timespan: z.string().default('PT1H'),
  interval: z.string().optional(),
  metricnames: z.string().min(1),
  metricnamespace: z.string().optional(),
  aggregation: z.string().default('Average'),
  $filter: z.string().optional(),
  top: z.coerce.number().int().min(1).max(10_000).optional(),
  orderby: z.string().optional(),
  resulttype: z
    .string()
    .regex(/^data$/i, 'only Data is supported here')
    .optional(),
  autoadjusttimegrain: z
    .string()
    .regex(/^false$/i, 'adjusting the interval is not supported here')
    .optional(),
  validatedimensions: z
    .string()
    .regex(/^true$/i, 'skipping the check is not supported here')
    .optional(),
  rollupby: z.undefined('rolling up is not supported here').optional(),
});

/** Names of parameters compare without case. */
export function parseMetricsParameters(
  query: unknown,
  context: { readonly namespace: MetricNamespace; readonly grainMs: number; readonly nowMs: number },
): MetricsParameters {
  const entries = Object.entries(query ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const parsed = querySchema.safeParse(Object.fromEntries(entries));
  if (!parsed.success) throw new MetricsProblem(z.prettifyError(parsed.error));
  const given = parsed.data;
  checkNamespace(given.metricnamespace, context.namespace);
  const metrics = findMetrics(given.metricnames, context.namespace);
  checkAggregations(given.aggregation, metrics);
  const filters = given.$filter ? parseMetricFilter(given.$filter) : [];
  checkDimensions(filters, metrics);
  const intervalMs = parseInterval(given.interval, context.grainMs);
  const range = parseTimeRange(given.timespan, context.nowMs);
  if (!range || range.endMs === range.startMs) {
    throw new MetricsProblem(`The timespan '${given.timespan}' is neither an ISO 8601 duration nor an interval`);
  }
  if ((range.endMs - range.startMs) / intervalMs > MAX_POINTS) {
    throw new MetricsProblem(`The timespan holds more than ${MAX_POINTS} intervals; ask for fewer or longer ones`);
  }
  const top = given.top ?? (filters.length > 0 ? DEFAULT_TOP : 1);
  return { metrics, range, intervalMs, filters, top, order: parseOrder(given.orderby) };
}

function checkNamespace(asked: string | undefined, namespace: MetricNamespace): void {
  if (asked === undefined || asked.toLowerCase() === namespace.name.toLowerCase()) return;
  throw new MetricsProblem(`The metric namespace '${asked}' is unknown; the resource has ${namespace.name}`);
}

function findMetrics(names: string, namespace: MetricNamespace): readonly MetricDefinition[] {
  const wanted = names.split(',').map((name) => name.trim());
  if (wanted.length > MAX_METRICS) throw new MetricsProblem(`At most ${MAX_METRICS} metrics can be asked for at once`);
  return wanted.map((name) => {
    const found = namespace.metrics.find((metric) => metric.name.toLowerCase() === name.toLowerCase());
    if (found) return found;
    const [provider, ...type] = namespace.name.split('/');
    const valid = namespace.metrics.map((metric) => metric.name).join(',');
    const message = `Failed to find metric configuration for provider: ${provider}, resource Type: ${type.join('/')}, metric: ${name}, Valid metrics: ${valid}`;
    throw new MetricsProblem(message);
  });
}

function checkAggregations(asked: string, metrics: readonly MetricDefinition[]): void {
  const foreign = asked.split(',').find((name) => name.trim().toLowerCase() !== 'average');
  if (foreign === undefined) return;
  const names = metrics.map((metric) => metric.name).join(',');
  throw new MetricsProblem(
    `Metric: ${names} does not support requested aggregation: ${foreign}, supported ones are: Average`,
  );
}

function checkDimensions(filters: readonly DimensionFilter[], metrics: readonly MetricDefinition[]): void {
  for (const metric of metrics) {
    const known = new Set(metric.dimensions.map((dimension) => dimension.name.toLowerCase()));
    if (filters.every(({ dimension }) => known.has(dimension))) continue;
    const asked = filters.map(({ dimension }) => dimension).join(',');
    const names = metric.dimensions.map((dimension) => dimension.name).join(',');
    const message = `Metric: ${metric.name} does not support requested dimension combination: ${asked}, supported ones are: ${names}`;
    throw new MetricsProblem(message);
  }
}

function parseOrder(text: string | undefined): 'ascending' | 'descending' | undefined {
  if (text === undefined) return undefined;
  const direction = /^average\s+(asc|desc)$/i.exec(text.trim())?.[1]?.toLowerCase();
  if (direction) return direction === 'asc' ? 'ascending' : 'descending';
  throw new MetricsProblem(
    `The order '${text}' is invalid; these metrics can be ordered by: average asc, average desc`,
  );
}
