/** A latency alert from the webhook to the rollout: who may send it, what the metric must confirm, and where it goes. */
import { HttpRequest } from '@azure/functions';
import { beforeEach, describe, expect, it } from 'vitest';
import { LATENCY_ALERT } from '../../../../src/contracts/latency-alert-event.ts';
import type { DeploymentName } from '../../../../src/domain/ids/names.ts';
import { acquire, EMPTY_LANE } from '../../../../src/domain/lane/lane.ts';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import { createOnLatencyAlert } from '../../../../src/functions/events/on-latency-alert.ts';
import { createTakeLatencyAlert } from '../../../../src/functions/http/latency-alerts.ts';
import type { CallerCheck } from '../../../../src/ports/caller-tokens.ts';
import type { LatencyQuery } from '../../../../src/ports/endpoint-metrics.ts';
import { aClaim, aScaleOutClaim } from '../../domain/a-claim.ts';
import { aPolicy, NOW } from '../../domain/a-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';
import { RecordingPublisher } from '../../fakes/recording-publisher.ts';
import { aCommonAlert, WORKSPACE_ID } from './a-common-alert.ts';

const ALERT_ID = 'alert.0aaa1bbb-0000-4000-8000-000000000001.1772366400000.fired';
let audit: InMemoryAuditLog;
let publisher: RecordingPublisher;
let values: Record<string, number> | 'away';
let queries: LatencyQuery[];
beforeEach(() => {
  audit = new InMemoryAuditLog();
  publisher = new RecordingPublisher();
  values = { green: 412, blue: 80 };
  queries = [];
});

const clock = { nowMs: () => Date.parse(NOW) + 60_000 };
const CHECKS: Record<string, CallerCheck> = {
  genuine: { ok: true, application: 'action-groups' },
  other: { ok: false, code: 'stranger', reason: 'Application x may not send alerts.' },
  old: { ok: false, code: 'expired', reason: 'The token has expired.' },
};
const callers = {
  check: async (token: string) => CHECKS[token] ?? ({ ok: false, code: 'forged', reason: 'No.' } as const),
};
const metrics = {
  async readLatency(query: LatencyQuery) {
    queries.push(query);
    if (values === 'away') throw new Error('Azure Monitor is away.');
    return Object.entries(values).map(([deployment, value]) => ({ deployment: deployment as DeploymentName, value }));
  },
};
const outcomes = () => [...audit.events.values()].map(({ outcome, code }) => `${outcome} ${code}`);

function send(body: unknown = aCommonAlert(), token: string | null = 'genuine') {
  const ports = { callers, metrics, publisher, audit, clock };
  const take = createTakeLatencyAlert(ports, { workspaceId: WORKSPACE_ID, policies: createPolicies([aPolicy()]) });
  const request = new HttpRequest({
    method: 'POST',
    url: 'https://slipway.example/api/alerts/latency',
    headers: token ? { authorization: `Bearer ${token}` } : {},
    body: { string: typeof body === 'string' ? body : JSON.stringify(body) },
  });
  return take(request, () => {});
}

describe('the alert webhook', () => {
  it('asks the metric again over the window of the alert and publishes what it says of each deployment', async () => {
    expect(await send()).toMatchObject({ status: 202, jsonBody: { alertId: ALERT_ID, published: true } });
    expect(queries).toEqual([
      {
        endpoint: 'flights',
        metric: 'RequestLatency_P95',
        fromMs: Date.parse('2026-03-01T11:55:00Z'),
        toMs: Date.parse('2026-03-01T12:00:00Z'),
        grainSeconds: 60,
      },
    ]);
    expect(publisher.published).toMatchObject([
      {
        id: ALERT_ID,
        type: LATENCY_ALERT,
        subject: 'endpoints/flights',
        timeIso: NOW,
        data: { endpoint: 'flights', rule: 'ep-p95', thresholdMs: 250, readings: [{ deployment: 'green' }, {}] },
      },
    ]);
  });

  it('sent twice has one id', async () => {
    await send();
    await send();
    expect(new Set(publisher.published.map(({ id }) => id)).size).toBe(1);
    expect(outcomes()).toEqual(['delivered published']);
  });

  it.each([
    ['no token', null, 401],
    ['a forged token', 'made-up', 401],
    ['an expired token', 'old', 401],
    ['the token of another application', 'other', 403],
  ])('with %s reads nothing and asks nothing', async (_what, token, status) => {
    expect(await send('{', token)).toMatchObject({ status });
    expect(queries).toEqual([]);
    expect(outcomes()).toEqual([]);
  });

  it.each([
    ['is resolved', aCommonAlert({ essentials: { monitorCondition: 'Resolved' } }), 'resolved'],
    ['watches another metric', aCommonAlert({ criterion: { metricName: 'RequestsPerMinute' } }), 'other-metric'],
    [
      'watches an endpoint without a policy',
      aCommonAlert({ essentials: { alertTargetIDs: ['/x/flights'] } }),
      'unknown-endpoint',
    ],
  ])('an alert that %s is recorded and asks nothing', async (_what, body, code) => {
    expect(await send(body)).toMatchObject({ status: 200, jsonBody: { published: false, code } });
    expect(queries).toEqual([]);
    expect(publisher.published).toEqual([]);
    expect(outcomes()).toEqual([`ignored ${code}`]);
  });

  it('an alert that the metric does not confirm goes no further', async () => {
    values = { green: 250, blue: 80 };
    expect(await send()).toMatchObject({ status: 200, jsonBody: { code: 'not-confirmed' } });
    values = {};
    expect(await send()).toMatchObject({ status: 200, jsonBody: { code: 'not-confirmed' } });
    expect(publisher.published).toEqual([]);
  });

  it('while metric or topic are away asks to be sent again', async () => {
    values = 'away';
    expect(await send()).toMatchObject({ status: 503, headers: { 'retry-after': '20' } });
    values = { green: 412, blue: 80 };
    publisher.failures = 1;
    expect(await send()).toMatchObject({ status: 503 });
    expect(await send()).toMatchObject({ status: 202 });
  });

  it('refuses what is no alert, and what is too large', async () => {
    expect(await send('{')).toMatchObject({ status: 400 });
    expect(await send({ hello: 1 })).toMatchObject({ status: 400, jsonBody: { error: { code: 'InvalidAlert' } } });
    expect(await send('x'.repeat(70_000))).toMatchObject({ status: 413 });
    expect(outcomes()).toEqual(['refused malformed']);
  });
});

describe('the function that acts', () => {
  const ID = 'rollout.flights.air-time.2.1';
  let control: InMemoryControl;
  let acted: string[];
  beforeEach(() => {
    control = new InMemoryControl();
    acted = [];
  });

  const handle = (changes: object = {}) => {
    const [published] = publisher.published;
    const event = {
      specversion: '1.0',
      id: published?.id,
      type: published?.type,
      source: '/slipway/mlw-models',
      subject: published?.subject,
      time: published?.timeIso,
      data: published?.data,
      ...changes,
    };
    const actWithoutRollout = async (_alert: unknown, eventId: string) => {
      acted.push(eventId);
      return { outcome: 'delivered', code: 'notified', reason: 'Told.', rolloutId: null } as const;
    };
    return createOnLatencyAlert({ audit, clock, actWithoutRollout }, 'mlw-models')(event, control);
  };

  it('hands the alert to the rollout that holds the endpoint, once', async () => {
    control.lanes.set('flights', acquire(EMPTY_LANE, aClaim(ID), NOW).state);
    await send();
    expect(await handle()).toMatchObject({ outcome: 'delivered', rolloutId: ID });
    await handle();
    expect(control.lanes.get('flights')?.inbox).toMatchObject([
      { id: ALERT_ID, rolloutId: ID, command: { type: 'latency-alert', by: 'ep-p95', alert: { thresholdMs: 250 } } },
    ]);
    expect(control.woken).toContain(ID);
    expect(acted).toEqual([]);
  });

  it('leaves a scale-out alone that holds the endpoint: it is the answer to such an alert', async () => {
    control.lanes.set('flights', acquire(EMPTY_LANE, aScaleOutClaim(), NOW).state);
    await send();
    expect(await handle()).toMatchObject({ outcome: 'ignored', code: 'scaling-out', rolloutId: null });
    expect(acted).toEqual([]);
    expect(control.lanes.get('flights')?.inbox).toEqual([]);
  });

  it('without a rollout does what the policy says', async () => {
    await send();
    expect(await handle()).toMatchObject({ code: 'notified' });
    expect(acted).toEqual([ALERT_ID]);
  });

  it.each([
    ['of another type', { type: 'Slipway.Other' }, 'unknown-type'],
    ['of another source', { source: '/slipway/other' }, 'foreign-source'],
    ['that is older than a quarter of an hour', { time: '2026-03-01T11:40:00Z' }, 'stale'],
    ['without data', { data: {} }, 'malformed'],
    ['with a name that could reach a query', { data: { endpoint: "x' or '1" } }, 'malformed'],
  ])('an event %s moves nothing', async (_what, changes, code) => {
    await send();
    expect(await handle(changes)).toMatchObject({ outcome: 'refused', code });
    expect(acted).toEqual([]);
  });
});
