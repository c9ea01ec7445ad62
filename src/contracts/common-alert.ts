/**
 * Reads a metric alert in the common alert schema, as far as it is acted on. Source: Azure Monitor documentation, "Common
 * alert schema"; thresholds are texts, values numbers, and resource ids come in lower case.
 */
import { z } from 'zod';
import {
  ALERT_OPERATORS,
  type AlertOperator,
  LATENCY_METRICS,
  type LatencyMetric,
} from '../domain/alerts/latency-alert.ts';
import { type Parsed, problemsOf } from './parsed.ts';

export interface MetricAlert {
  readonly alertId: string;
  readonly rule: string;
  readonly condition: 'Fired' | 'Resolved';
  /** ARM ids, in the case in which they came. */
  readonly targetIds: readonly string[];
  readonly firedAtIso: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Null when the alert watches something else than latency above a fixed threshold. */
  readonly criterion: {
    readonly metric: LatencyMetric;
    readonly operator: AlertOperator;
    readonly thresholdMs: number;
  } | null;
}

const MAX_WINDOW_MS = 86_400_000;
const text = z.string().min(1).max(2048);
const time = z
  .string()
  .max(64)
  .refine((value) => Number.isFinite(Date.parse(value)), 'is not a time');

const criterionSchema = z.looseObject({
  metricName: text,
  operator: text.nullish(),
  threshold: z.union([z.string().max(64), z.number()]).nullish(),
});

const alertSchema = z.looseObject({
  schemaId: z.literal('azureMonitorCommonAlertSchema'),
  data: z.looseObject({
    essentials: z.looseObject({
      alertId: text,
      alertRule: text,
      signalType: z.literal('Metric'),
      monitorCondition: z.enum(['Fired', 'Resolved']),
      alertTargetIDs: z.array(text).min(1).max(100),
      firedDateTime: time,
    }),
    alertContext: z.looseObject({
      condition: z.looseObject({
        allOf: z.array(criterionSchema).min(1).max(100),
        windowStartTime: time,
        windowEndTime: time,
      }),
    }),
  }),
});

export function parseMetricAlert(body: unknown): Parsed<MetricAlert> {
  const parsed = alertSchema.safeParse(body);
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error) };
  const { essentials, alertContext } = parsed.data.data;
  const { allOf, windowStartTime, windowEndTime } = alertContext.condition;
  const fromMs = Date.parse(windowStartTime);
  const toMs = Date.parse(windowEndTime);
  if (toMs <= fromMs || toMs - fromMs > MAX_WINDOW_MS) {
    return {
      ok: false,
      problems: ['data.alertContext.condition: the window must be longer than nothing and not longer than a day'],
    };
  }
  const criteria = allOf.flatMap((one) => criterionOf(one));
  const value: MetricAlert = {
    alertId: essentials.alertId,
    rule: essentials.alertRule.slice(0, 200),
    condition: essentials.monitorCondition,
    targetIds: essentials.alertTargetIDs,
    firedAtIso: new Date(Date.parse(essentials.firedDateTime)).toISOString(),
    fromMs,
    toMs,
    criterion: criteria[0] ?? null,
  };
  return { ok: true, value };
}

function criterionOf({ metricName, operator, threshold }: z.output<typeof criterionSchema>) {
  const metric = LATENCY_METRICS.find((name) => name.toLowerCase() === metricName.toLowerCase());
  const known = ALERT_OPERATORS.find((name) => name.toLowerCase() === operator?.toLowerCase());
  const thresholdMs = Number(threshold ?? Number.NaN);
  return metric && known && Number.isFinite(thresholdMs) && thresholdMs > 0
    ? [{ metric, operator: known, thresholdMs }]
    : [];
}
