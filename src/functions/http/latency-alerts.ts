/**
 * POST /api/alerts/latency: the secure webhook of a metric alert's action group. Checks who calls, asks the metric again and
 * publishes a latency-alert event; another function acts on it.
 *
 * 1. Nothing is read before the token is checked.
 * 2. What cannot get better by sending it again is answered with 200 or 4xx; 503 makes the action group send it again.
 */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { type ConfirmationScope, confirmLatency } from '../../commands/confirm-latency.ts';
import { type MetricAlert, parseMetricAlert } from '../../contracts/common-alert.ts';
import { LATENCY_ALERT } from '../../contracts/latency-alert-event.ts';
import { describeAlert, type LatencyAlert } from '../../domain/alerts/latency-alert.ts';
import type { EventRecord } from '../../domain/audit/record.ts';
import { hashHex } from '../../domain/ids/names.ts';
import type { CallerTokens } from '../../ports/caller-tokens.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EndpointMetrics } from '../../ports/endpoint-metrics.ts';
import type { EventPublisher } from '../../ports/events.ts';
import type { AuditLog } from '../../ports/records.ts';
import { readBody } from './read-body.ts';
import { json, problem } from './reply.ts';

export interface AlertPorts {
  readonly callers: CallerTokens;
  readonly metrics: EndpointMetrics;
  readonly publisher: EventPublisher;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** The shape is checked by the contract, which names every problem. */
const anything = z.unknown();

export type AlertHandler = (request: HttpRequest, warn: (text: string) => void) => Promise<HttpResponseInit>;
type Outcome = Pick<EventRecord, 'outcome' | 'code' | 'reason'>;

const CHALLENGE = { 'www-authenticate': 'Bearer realm="slipway-alerts"' };
const RETRY = { 'retry-after': '20' };
const MAX_REASON = 2000;

export function createTakeLatencyAlert(ports: AlertPorts, scope: ConfirmationScope): AlertHandler {
  return async (request, warn) => {
    try {
      return (await refuseCaller(request, ports)) ?? (await take(request, ports, scope));
    } catch (error) {
      warn(`A latency alert could not be handled now: ${String(error)}`);
      return problem(503, 'TryAgain', 'The alert could not be handled now; send it again.', undefined, RETRY);
    }
  };
}

/** Null when the call comes from the application that may send alerts. */
async function refuseCaller(request: HttpRequest, { callers, clock }: AlertPorts): Promise<HttpResponseInit | null> {
  const token = /^Bearer (\S{1,8192})$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (!token) {
    return problem(401, 'TokenMissing', 'Use a secure webhook, which sends an Entra ID token.', undefined, CHALLENGE);
  }
  const check = await callers.check(token, clock.nowMs());
  if (check.ok) return null;
  const status = check.code === 'stranger' ? 403 : 401;
  return problem(status, 'TokenRefused', check.reason, undefined, status === 401 ? CHALLENGE : {});
}

async function take(request: HttpRequest, ports: AlertPorts, scope: ConfirmationScope): Promise<HttpResponseInit> {
  const body = await readBody(request, anything);
  if (!body.ok) return body.reply;
  const parsed = parseMetricAlert(body.value);
  if (!parsed.ok) return refuseMalformed(ports, body.value, parsed.problems);
  const confirmation = await confirmLatency(ports.metrics, scope, parsed.value);
  const id = idOf(parsed.value);
  if (confirmation.kind === 'ignored') {
    const { code, reason } = confirmation;
    await record(ports, id, parsed.value.rule, { outcome: 'ignored', code, reason });
    return json(200, { alertId: id, published: false, code, reason });
  }
  await publish(ports, id, confirmation.alert);
  const reason = `Published: ${describeAlert(confirmation.alert)}.`;
  await record(ports, id, parsed.value.rule, { outcome: 'delivered', code: 'published', reason });
  return json(202, { alertId: id, published: true, code: 'published', reason });
}

async function publish({ publisher }: AlertPorts, id: string, alert: LatencyAlert): Promise<void> {
  const subject = `endpoints/${alert.endpoint}`;
  await publisher.publish({ id, type: LATENCY_ALERT, subject, timeIso: alert.firedAtIso, data: { ...alert } });
}

async function refuseMalformed(ports: AlertPorts, body: unknown, problems: readonly string[]) {
  const reason = problems.join('; ').slice(0, MAX_REASON);
  const id = `malformed-alert-${hashHex(JSON.stringify(body ?? null))}`;
  await record(ports, id, '', { outcome: 'refused', code: 'malformed', reason });
  const details = problems.slice(0, 20).map((message) => ({ path: message.split(':')[0] ?? '', message }));
  return problem(400, 'InvalidAlert', 'The body is no metric alert in the common alert schema.', details);
}

/** The same alert, fired at the same time, has the same id however often it is sent. */
function idOf({ alertId, firedAtIso, condition }: MetricAlert): string {
  const guid =
    alertId
      .split('/')
      .at(-1)
      ?.replace(/[^A-Za-z0-9-]/g, '')
      .slice(0, 64) ?? '';
  return `alert.${guid}.${Date.parse(firedAtIso)}.${condition.toLowerCase()}`;
}

async function record({ audit, clock }: AlertPorts, eventId: string, rule: string, outcome: Outcome): Promise<void> {
  const known = { eventId, type: 'metric-alert', source: 'azure-monitor', subject: `alert-rules/${rule}` };
  await audit.recordEvent({ ...known, atIso: new Date(clock.nowMs()).toISOString(), rolloutId: null, ...outcome });
}
