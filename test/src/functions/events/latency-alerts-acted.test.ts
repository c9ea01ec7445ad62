/** Latency alerts after the webhook: what the rollout gets, what the policy does without one, in full. */

import { beforeEach, describe, expect, it } from 'vitest';
import { createActOnAlert } from '../../../../src/commands/act-on-alert.ts';
import type { LatencyAlert } from '../../../../src/domain/alerts/latency-alert.ts';
import { scaleOutIdOf } from '../../../../src/domain/alerts/scale-out.ts';
import type { DeploymentName, EndpointName } from '../../../../src/domain/ids/names.ts';
import { acquire, EMPTY_LANE } from '../../../../src/domain/lane/lane.ts';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import type { RolloutPolicy } from '../../../../src/domain/policy/policy.ts';
import { createOnLatencyAlert } from '../../../../src/functions/events/on-latency-alert.ts';
import type { DeploymentView } from '../../../../src/ports/model-platform.ts';
import { aClaim, aScaleOutClaim } from '../../domain/a-claim.ts';
import { aPolicy, NOW } from '../../domain/a-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';
import { RecordingPublisher } from '../../fakes/recording-publisher.ts';

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
let control: InMemoryControl;
beforeEach(() => {
  audit = new InMemoryAuditLog();
  publisher = new RecordingPublisher();
  control = new InMemoryControl();
});
const clock = { nowMs: () => Date.parse(LATER) };

describe('the alert event', () => {
  const event = (changes: object = {}) => ({
    ...{ id: 'alert.1', topic: '/slipway/mlw', subject: 'endpoints/flights', eventType: 'Slipway.LatencyAlert' },
    ...{ eventTime: NOW, data: ALERT, dataVersion: '1', metadataVersion: '1', ...changes },
  });
  const acted = { outcome: 'delivered', code: 'notified', reason: 'Told.', rolloutId: null } as const;
  const handle = (sent: unknown, nowMs = Date.parse(LATER)) => {
    const ports = { audit, clock: { nowMs: () => nowMs }, actWithoutRollout: async () => acted };
    return createOnLatencyAlert(ports, 'mlw')(sent, control);
  };
  const hold = (rolloutId: string) => {
    const isScaleOut = rolloutId.startsWith('scale-out.');
    const claim = isScaleOut ? aScaleOutClaim(rolloutId) : aClaim(rolloutId);
    control.lanes.set('flights', acquire(EMPTY_LANE, claim, NOW).state);
  };
  const known = { atIso: LATER, type: 'Slipway.LatencyAlert', source: '/slipway/mlw', subject: 'endpoints/flights' };

  it('reaches the rollout that holds the endpoint with everything it says', async () => {
    hold('rollout.flights.air-time.2.1');
    const outcome = {
      outcome: 'delivered',
      code: 'delivered',
      reason: `rollout.flights.air-time.2.1 rules on it: ${SAID}.`,
      rolloutId: 'rollout.flights.air-time.2.1',
    };
    expect(await handle(event())).toEqual(outcome);
    expect(control.lanes.get('flights')?.inbox).toEqual([
      {
        id: 'alert.1',
        sequence: 1,
        rolloutId: 'rollout.flights.air-time.2.1',
        receivedAtIso: LATER,
        command: { type: 'latency-alert', by: 'ep-p95', reason: SAID, alert: ALERT },
      },
    ]);
    expect(control.woken).toEqual(['rollout.flights.air-time.2.1']);
    expect([...audit.events.values()]).toEqual([{ eventId: 'acted.alert.1', ...known, ...outcome }]);
  });

  it('is left alone while an instance is being added', async () => {
    hold('scale-out.flights.01');
    const reason = 'scale-out.flights.01 adds an instance on flights already.';
    expect(await handle(event())).toEqual({ outcome: 'ignored', code: 'scaling-out', reason, rolloutId: null });
    expect(control.woken).toEqual([]);
  });

  it('counts for fifteen minutes', async () => {
    expect(await handle(event(), Date.parse(NOW) + 900_000)).toEqual(acted);
    expect(await handle(event(), Date.parse(NOW) + 900_001)).toMatchObject({ code: 'stale' });
  });

  it('that is none is on record, each once', async () => {
    for (const sent of [{ a: 1 }, { a: 2 }, { a: 1 }, undefined, null]) await handle(sent);
    const records = [...audit.events.values()];
    expect(records).toHaveLength(3);
    for (const record of records) {
      expect(record).toMatchObject({ type: '', source: '', subject: '', outcome: 'refused', code: 'malformed' });
      expect(record.eventId).toMatch(/^malformed-[0-9a-f]+$/);
    }
    expect(await handle(event({ data: { ...ALERT, rule: '', metric: 'x' } }))).toEqual({
      outcome: 'refused',
      code: 'malformed',
      reason: expect.stringMatching(/data\.rule.*; data\.metric/),
      rolloutId: null,
    });
  });
});

describe('an alert without a rollout', () => {
  const action = (latencyAlert: string, maxInstanceCount = 4) => {
    const { deployment } = aPolicy();
    return {
      ...aPolicy(),
      deployment: { ...deployment, maxInstanceCount },
      retrain: { triggers: { latencyAlert } },
    } as unknown as RolloutPolicy;
  };
  const triggers: object[] = [];
  const act = (policies: readonly RolloutPolicy[], alert = ALERT, started = true) => {
    const platform = { getDeployment: async () => ({ model: 'air-time' }) as unknown as DeploymentView };
    const retrain = async (policy: RolloutPolicy, trigger: object) => {
      triggers.push({ endpoint: policy.endpoint, ...trigger });
      return { retrainingId: 'retrain.1', started };
    };
    return createActOnAlert({ platform, publisher, clock, retrain }, createPolicies(policies))(
      alert,
      'alert.1',
      control,
    );
  };

  it('is told in full', async () => {
    const reason = `${SAID}. No rollout runs on flights.`;
    const told = (model: string | null) => ({
      id: 'alert.1.told',
      type: 'Slipway.Alert.OperatorNeeded',
      subject: 'endpoints/flights',
      timeIso: LATER,
      data: { ...ALERT, model, reason },
    });
    const outcome = { outcome: 'delivered', code: 'notified', reason, rolloutId: null };
    expect(await act([ELSEWHERE, aPolicy()])).toEqual(outcome);
    expect(await act([ELSEWHERE])).toEqual(outcome);
    expect(publisher.published).toEqual([told('air-time'), told(null)]);
  });

  it('follows the policy of its endpoint, not of another one with the same model', async () => {
    const elsewhere = { ...action('retrain'), endpoint: 'flights-eu' as EndpointName };
    expect(await act([elsewhere, action('scale-out')])).toMatchObject({ code: 'scale-out' });
    expect(await act([elsewhere])).toMatchObject({ code: 'notified' });
  });

  it('adds an instance to the slowest deployment', async () => {
    const scaleOutId = scaleOutIdOf(ALERT.endpoint, 'alert.1');
    const outcome = (kind: string, reason: string) => ({
      outcome: kind,
      code: 'scale-out',
      reason,
      rolloutId: scaleOutId,
    });
    expect(await act([action('scale-out')])).toEqual(outcome('started', 'Adds an instance to green.'));
    expect(await act([action('scale-out')])).toEqual(outcome('duplicate', `${scaleOutId} was started before.`));
    expect(control.instances.get(scaleOutId)?.input).toEqual({
      ...{ scaleOutId, endpoint: 'flights', deployment: 'green', maxInstanceCount: 4, reason: `${SAID}.` },
      requestedAtIso: LATER,
    });
    const quiet = { ...ALERT, readings: [] };
    expect(await act([action('scale-out')], quiet)).toEqual({
      ...{ outcome: 'ignored', code: 'not-slow', reason: 'No deployment is too slow.', rolloutId: null },
    });
  });

  it('retrains for what the alert says', async () => {
    const outcome = (kind: string, reason: string) => ({
      outcome: kind,
      code: 'retraining',
      reason,
      rolloutId: 'retrain.1',
    });
    expect(await act([action('retrain')])).toEqual(outcome('started', 'Started retrain.1.'));
    expect(await act([action('retrain')], ALERT, false)).toEqual(outcome('duplicate', 'retrain.1 was started before.'));
    const trigger = { endpoint: 'flights', reference: 'alert.1', sentence: `Latency alert: ${SAID}.` };
    expect(triggers).toEqual([trigger, trigger]);
  });
});
