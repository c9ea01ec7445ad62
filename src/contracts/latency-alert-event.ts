/** The app's own event about a latency alert that the metric confirmed: written by the webhook, read by the function that acts. */
import { z } from 'zod';
import { ALERT_OPERATORS, LATENCY_METRICS, type LatencyAlert, MAX_READINGS } from '../domain/alerts/latency-alert.ts';
import type { DeploymentName, EndpointName } from '../domain/ids/names.ts';
import type { EventEnvelope } from './event-envelope.ts';
import { type Parsed, problemsOf } from './parsed.ts';

export const LATENCY_ALERT = 'Slipway.LatencyAlert';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);

const reading = z.strictObject({
  deployment: name.transform((text) => text as DeploymentName),
  value: z.number().min(0),
});

export const latencyAlertSchema = z.strictObject({
  rule: z.string().min(1).max(200),
  endpoint: name.transform((text) => text as EndpointName),
  metric: z.enum(LATENCY_METRICS),
  operator: z.enum(ALERT_OPERATORS),
  thresholdMs: z.number().positive(),
  firedAtIso: z.iso.datetime(),
  readings: z.array(reading).max(MAX_READINGS),
});

export function parseLatencyAlert(envelope: EventEnvelope): Parsed<LatencyAlert> {
  const parsed = latencyAlertSchema.safeParse(envelope.data);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, problems: problemsOf(parsed.error, 'data') };
}

/** Where the app's own events come from. */
export function ownSource(workspace: string): string {
  return `/slipway/${workspace}`;
}
