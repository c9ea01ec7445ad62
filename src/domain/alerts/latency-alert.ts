/** A latency alert of one endpoint, with what the metric says of each deployment when it is asked again. */
import type { DeploymentName, EndpointName } from '../ids/names.ts';

export const LATENCY_METRICS = [
  'RequestLatency',
  'RequestLatency_P50',
  'RequestLatency_P90',
  'RequestLatency_P95',
  'RequestLatency_P99',
] as const;
export type LatencyMetric = (typeof LATENCY_METRICS)[number];

/** Operators of a static threshold that mean "too slow". */
export const ALERT_OPERATORS = ['GreaterThan', 'GreaterThanOrEqual'] as const;
export type AlertOperator = (typeof ALERT_OPERATORS)[number];

/** The metric of one deployment over the alert's window, in milliseconds. */
export interface AlertReading {
  readonly deployment: DeploymentName;
  readonly value: number;
}

export interface LatencyAlert {
  /** Name of the alert rule. */
  readonly rule: string;
  readonly endpoint: EndpointName;
  readonly metric: LatencyMetric;
  readonly operator: AlertOperator;
  readonly thresholdMs: number;
  readonly firedAtIso: string;
  /** At most MAX_READINGS; a deployment without requests in the window has none. */
  readonly readings: readonly AlertReading[];
}

export const MAX_READINGS = 20;

export function isBreached(
  { operator, thresholdMs }: Pick<LatencyAlert, 'operator' | 'thresholdMs'>,
  value: number,
): boolean {
  return operator === 'GreaterThan' ? value > thresholdMs : value >= thresholdMs;
}

/** Deployments above the threshold, the slowest first. */
export function breachesOf(alert: LatencyAlert): readonly AlertReading[] {
  return alert.readings.filter(({ value }) => isBreached(alert, value)).sort((a, b) => b.value - a.value);
}

/** `RequestLatency_P95 of green 412 ms, blue 80 ms; the threshold is 250 ms`. */
export function describeAlert(alert: LatencyAlert): string {
  const values = alert.readings.map(({ deployment, value }) => `${deployment} ${rounded(value)} ms`).join(', ');
  return `${alert.metric} of ${values || 'no deployment'}; the threshold of ${alert.rule} is ${rounded(alert.thresholdMs)} ms`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
