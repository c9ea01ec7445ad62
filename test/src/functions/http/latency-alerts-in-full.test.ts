/** The webhook of latency alerts: every reply, record and event in full, several policies of which one is meant, and the bounds. */

import { HttpRequest } from '@azure/functions';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LatencyAlert } from '../../../../src/domain/alerts/latency-alert.ts';
import type { DeploymentName, EndpointName } from '../../../../src/domain/ids/names.ts';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import type { RolloutPolicy } from '../../../../src/domain/policy/policy.ts';
import { createTakeLatencyAlert } from '../../../../src/functions/http/latency-alerts.ts';
import type { CallerCheck } from '../../../../src/ports/caller-tokens.ts';
import type { LatencyQuery } from '../../../../src/ports/endpoint-metrics.ts';
import { aPolicy, NOW } from '../../domain/a-policy.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';
import { RecordingPublisher } from '../../fakes/recording-publisher.ts';
import { aCommonAlert, WORKSPACE_ID } from './a-common-alert.ts';
import { HEADERS } from './an-operator.ts';

const ID = 'alert.0aaa1bbb-0000-4000-8000-000000000001.1772366400000.fired';
const LATER = '2026-03-01T12:01:00.000Z';
const ELSEWHERE = aPolicy({ endpoint: 'flights-eu' as never });
const ALERT: LatencyAlert = {
  rule: 'ep-p95',
  endpoint: 'flights' as EndpointName,
  metric: 'RequestLatency_P95',
  operator: 'GreaterThan',
  thresholdMs: 250,
  firedAtIso: NOW,
  readings: [
    { deployment: 'green' as DeploymentName, value: 412 },
    { deployment: 'blue' as DeploymentName, value: 80 },
  ],
};
const SAID = 'RequestLatency_P95 of green 412 ms, blue 80 ms; the threshold of ep-p95 is 250 ms';

let audit: InMemoryAuditLog;
let publisher: RecordingPublisher;
let values: Record<string, number> | Error;
let queries: LatencyQuery[];
let warnings: string[];
beforeEach(() => {
  audit = new InMemoryAuditLog();
  publisher = new RecordingPublisher();
  values = { blue: 80, green: 412 };
  queries = [];
  warnings = [];
});
const clock = { nowMs: () => Date.parse(LATER) };

interface Sent {
  readonly body?: unknown;
  readonly authorization?: string | null;
  readonly policies?: readonly RolloutPolicy[];
}

function send({
  body = aCommonAlert(),
  authorization = 'Bearer genuine',
  policies = [ELSEWHERE, aPolicy()],
}: Sent = {}) {
  const check = async (token: string): Promise<CallerCheck> => {
    if (token === 'other') return { ok: false, code: 'stranger', reason: 'Application x may not send alerts.' };
    return token === 'genuine' ? { ok: true, application: 'a' } : { ok: false, code: 'forged', reason: 'No.' };
  };
  const readLatency = async (query: LatencyQuery) => {
    queries.push(query);
    if (values instanceof Error) throw values;
    return Object.entries(values).map(([deployment, value]) => ({ deployment: deployment as DeploymentName, value }));
  };
  const ports = { callers: { check }, metrics: { readLatency }, publisher, audit, clock };
  const request = new HttpRequest({
    method: 'POST',
    url: 'https://slipway.example/api/alerts/latency',
    headers: authorization === null ? {} : { authorization },
    body: { string: typeof body === 'string' ? body : JSON.stringify(body) },
  });
  return createTakeLatencyAlert(ports, { workspaceId: WORKSPACE_ID, policies: createPolicies(policies) })(
    request,
    (text) => warnings.push(text),
  );
}

const recorded = (outcome: string, code: string, reason: unknown, eventId: unknown = ID, rule = 'ep-p95') => ({
  ...{ eventId, atIso: LATER, type: 'metric-alert', source: 'azure-monitor', subject: `alert-rules/${rule}` },
  ...{ rolloutId: null, outcome, code, reason },
});

describe('the webhook', () => {
  it('publishes what the metric says, the slowest first, and records it', async () => {
    const reason = `Published: ${SAID}.`;
    expect(await send()).toEqual({
      status: 202,
      jsonBody: { alertId: ID, published: true, code: 'published', reason },
      headers: HEADERS,
    });
    expect(publisher.published).toEqual([
      { id: ID, type: 'Slipway.LatencyAlert', subject: 'endpoints/flights', timeIso: NOW, data: ALERT },
    ]);
    expect([...audit.events.values()]).toEqual([recorded('delivered', 'published', reason)]);
  });

  it('asks the metric by the bucket, at most by the minute', async () => {
    const grained = (bucketSeconds: number) => aPolicy({ canary: { ...aPolicy().canary, bucketSeconds } });
    for (const seconds of [2, 60, 61]) await send({ policies: [grained(seconds)] });
    expect(queries.map(({ grainSeconds }) => grainSeconds)).toEqual([2, 60, 60]);
  });

  it('keeps the twenty slowest readings', async () => {
    values = Object.fromEntries(Array.from({ length: 25 }, (_value, index) => [`d${index}`, 300 + index]));
    await send();
    const [event] = publisher.published as unknown as readonly { data: LatencyAlert }[];
    expect(event?.data.readings.map(({ value }) => value)).toEqual(
      Array.from({ length: 20 }, (_value, index) => 324 - index),
    );
  });

  it('knows its endpoint in any case, with slashes at the end', async () => {
    const alertTargetIDs = ['/x/y', `${WORKSPACE_ID}/OnlineEndpoints/FLIGHTS//`];
    expect(await send({ body: aCommonAlert({ essentials: { alertTargetIDs } }) })).toMatchObject({ status: 202 });
  });

  it.each([
    ['resolved', { essentials: { monitorCondition: 'Resolved' } }, 'ep-p95 is resolved, which changes nothing.'],
    ['other-metric', { criterion: { metricName: 'x' } }, 'ep-p95 watches no latency above a fixed threshold.'],
    [
      'unknown-endpoint',
      { essentials: { alertTargetIDs: ['/x'] } },
      'No policy names an endpoint that ep-p95 watches.',
    ],
  ])('ignores what is %s', async (code, changes, reason) => {
    const alertId = code === 'resolved' ? ID.replace('fired', 'resolved') : ID;
    expect(await send({ body: aCommonAlert(changes) })).toEqual({
      status: 200,
      jsonBody: { alertId, published: false, code, reason },
      headers: HEADERS,
    });
    expect([...audit.events.values()]).toEqual([recorded('ignored', code, reason, alertId)]);
  });

  it('ignores what the metric does not confirm, the threshold itself included', async () => {
    values = { green: 250 };
    const reason = 'RequestLatency_P95 of flights is not above 250 ms for any deployment when asked again.';
    expect(await send()).toMatchObject({ status: 200, jsonBody: { published: false, code: 'not-confirmed', reason } });
    expect([...audit.events.values()]).toEqual([recorded('ignored', 'not-confirmed', reason)]);
    expect(publisher.published).toEqual([]);
  });

  it.each([
    ['no token', null, 401, 'TokenMissing', 'Use a secure webhook, which sends an Entra ID token.'],
    ['two words', 'Bearer genuine x', 401, 'TokenMissing', 'Use a secure webhook, which sends an Entra ID token.'],
    [
      'a word before it',
      'x Bearer genuine',
      401,
      'TokenMissing',
      'Use a secure webhook, which sends an Entra ID token.',
    ],
    ['a forged token', 'Bearer made-up', 401, 'TokenRefused', 'No.'],
    ['a stranger', 'Bearer other', 403, 'TokenRefused', 'Application x may not send alerts.'],
  ])('with %s is refused', async (_what, authorization, status, code, message) => {
    const challenge = status === 401 ? { 'www-authenticate': 'Bearer realm="slipway-alerts"' } : {};
    expect(await send({ authorization })).toEqual({
      status,
      jsonBody: { error: { code, message } },
      headers: { ...HEADERS, ...challenge },
    });
    expect([queries, audit.events.size]).toEqual([[], 0]);
  });

  it('names the problems of what is no alert, and records them', async () => {
    const reply = await send({ body: { schemaId: 'x', data: 1 } });
    expect(reply).toMatchObject({
      status: 400,
      jsonBody: {
        error: { code: 'InvalidAlert', message: 'The body is no metric alert in the common alert schema.' },
      },
    });
    const { details } = reply.jsonBody.error;
    const problems = details.map(({ message }: { message: string }) => message);
    expect(details).toEqual(problems.map((message: string) => ({ path: message.split(':')[0], message })));
    const eventId = expect.stringMatching(/^malformed-alert-[0-9a-f]{8,}$/);
    expect([...audit.events.values()]).toEqual([recorded('refused', 'malformed', problems.join('; '), eventId, '')]);
    await send({ body: { schemaId: 'y', data: 1 } });
    await send({ body: 'null' });
    expect(audit.events.size).toBe(3);
  });

  it('asks to be sent again while the metric is away, and warns', async () => {
    values = new Error('Azure Monitor is away.');
    expect(await send()).toEqual({
      status: 503,
      jsonBody: { error: { code: 'TryAgain', message: 'The alert could not be handled now; send it again.' } },
      headers: { ...HEADERS, 'retry-after': '20' },
    });
    expect(warnings).toEqual(['A latency alert could not be handled now: Error: Azure Monitor is away.']);
  });
});
