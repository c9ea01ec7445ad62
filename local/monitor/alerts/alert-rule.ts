/**
 * What a metric alert rule may say: one resource, static thresholds, as the Azure Monitor REST reference
 * ("Metric Alerts - Create Or Update", 2018-03-01) has it. Dynamic thresholds and several resources are refused.
 */
import { z } from 'zod';
import { endpointNamespace, type MetricDefinition } from '../metrics/metric-catalog.ts';
import { supportedIntervalsMs } from '../metrics/metric-interval.ts';
import { findResource, type MetricResource } from '../metrics/metric-resource.ts';
import { formatIsoDuration, parseIsoDuration } from '../store/time-range.ts';
import { AlertProblem, parseBody } from './alert-problem.ts';

const HOUR_MS = 3_600_000;

const dimensionSchema = z.object({
  name: z.string().min(1).max(100),
  operator: z.enum(['Include', 'Exclude']),
  values: z.array(z.string().min(1).max(200)).min(1).max(50),
});

const criterionSchema = z.object({
  criterionType: z.literal('StaticThresholdCriterion', 'only static thresholds are evaluated here'),
  name: z.string().min(1).max(200),
  metricName: z.string(),
  metricNamespace: z.string().optional(),
  dimensions: z.array(dimensionSchema).max(10).default([]),
  operator: z.enum(['Equals', 'GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual']),
  threshold: z.number(),
  timeAggregation: z.literal('Average', 'Average is the only aggregation of these metrics'),
});

const bodySchema = z.object({
  location: z.string(),
  tags: z.record(z.string(), z.string()).default({}),
  properties: z.object({
    description: z.string().max(4096).default(''),
    severity: z.int().min(0).max(4),
    enabled: z.boolean(),
    scopes: z.array(z.string()).length(1, 'rules over several resources are not evaluated here'),
    evaluationFrequency: z.string(),
    windowSize: z.string(),
    criteria: z.object({
      'odata.type': z.literal('Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'),
      allOf: z.array(criterionSchema).min(1).max(5),
    }),
    autoMitigate: z.boolean().default(true),
    actions: z
      .array(z.object({ actionGroupId: z.string(), webHookProperties: z.record(z.string(), z.string()).default({}) }))
      .max(5)
      .default([]),
  }),
});

export type AlertRuleBody = z.infer<typeof bodySchema>;
export type Criterion = z.infer<typeof criterionSchema>;

/** A rule that can be evaluated. */
export interface AlertRule {
  readonly id: string;
  readonly name: string;
  readonly body: AlertRuleBody;
  readonly resource: MetricResource;
  /** One per criterion. */
  readonly metrics: readonly MetricDefinition[];
  readonly frequencyMs: number;
  readonly windowMs: number;
}

/** Throws an AlertProblem that says what of the body cannot be evaluated. */
export function parseAlertRule(id: string, name: string, value: unknown, grainMs: number): AlertRule {
  const body = parseBody(bodySchema, value, 'metric alert rule');
  const { scopes, criteria, evaluationFrequency, windowSize } = body.properties;
  const resource = findResource(scopes[0] ?? '');
  if (!resource) throw new AlertProblem(`properties.scopes: ${scopes[0]} is no online endpoint or deployment.`);
  const metrics = criteria.allOf.map((criterion, index) => metricOf(criterion, resource, index));
  if (criteria.allOf.length > 1 && criteria.allOf.some(({ dimensions }) => dimensions.some(splits))) {
    throw new AlertProblem('properties.criteria.allOf: with several criteria each dimension takes one value.');
  }
  const frequencyMs = periodOf('evaluationFrequency', evaluationFrequency, grainMs, HOUR_MS);
  const windowMs = periodOf('windowSize', windowSize, grainMs, 24 * HOUR_MS);
  if (windowMs < frequencyMs) {
    throw new AlertProblem('properties.windowSize: must not be below properties.evaluationFrequency.');
  }
  return { id, name, body, resource, metrics, frequencyMs, windowMs };
}

/** Whether a dimension makes a series of its own for each of several values. */
function splits({ operator, values }: z.infer<typeof dimensionSchema>): boolean {
  return operator === 'Exclude' || values.length > 1 || values[0] === '*';
}

function metricOf(criterion: Criterion, resource: MetricResource, index: number): MetricDefinition {
  const at = `properties.criteria.allOf.${index}`;
  const { metricNamespace = endpointNamespace.name, metricName } = criterion;
  const named = (text: string) => (other: { readonly name: string }) => other.name.toLowerCase() === text.toLowerCase();
  if (!named(metricNamespace)(resource.namespace)) {
    throw new AlertProblem(`${at}.metricNamespace: the scope has the metrics of ${resource.namespace.name} only.`);
  }
  const metric = resource.namespace.metrics.find(named(metricName));
  if (!metric) throw new AlertProblem(`${at}.metricName: ${metricName} is no metric of ${resource.namespace.name}.`);
  const unknown = criterion.dimensions.find(({ name }) => !metric.dimensions.some(named(name)));
  if (unknown) throw new AlertProblem(`${at}.dimensions: ${metric.name} has no dimension ${unknown.name}.`);
  return metric;
}

/** The periods of metric queries: Azure's, and the grain of this monitor when that is shorter than a minute. */
function periodOf(name: string, text: string, grainMs: number, maxMs: number): number {
  const ms = parseIsoDuration(text);
  const supported = supportedIntervalsMs(grainMs).filter((interval) => interval <= maxMs);
  const isMultiple = ms !== undefined && ms > 0 && ms < 60_000 && ms % grainMs === 0;
  if (ms !== undefined && (isMultiple || supported.includes(ms))) return ms;
  throw new AlertProblem(`properties.${name}: ${text} is none of ${supported.map(formatIsoDuration).join(', ')}.`);
}
