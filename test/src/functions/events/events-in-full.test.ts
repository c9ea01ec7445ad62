/** Events of Event Grid: outcome and record in full, several policies of which some are meant, and the bounds. */

import { beforeEach, describe, expect, it } from 'vitest';
import { MODEL_REGISTERED } from '../../../../src/contracts/model-registered-event.ts';
import { BLOB_CREATED, RUN_COMPLETED, RUN_STATUS_CHANGED } from '../../../../src/contracts/training-events.ts';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import type { RolloutPolicy } from '../../../../src/domain/policy/policy.ts';
import { createOnModelRegistered } from '../../../../src/functions/events/on-model-registered.ts';
import {
  createOnDrift,
  createOnNewData,
  createOnRunCompleted,
} from '../../../../src/functions/events/on-training-events.ts';
import { aPolicy, aState, NOW } from '../../domain/a-policy.ts';
import { aRetrainingPolicy } from '../../domain/a-retraining-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';
import { ACCOUNT, anEvent, WORKSPACE } from './a-drift-event.ts';

const DAY_MS = 86_400_000;
const POLICY = aPolicy({ retrain: aRetrainingPolicy() });
const ELSEWHERE: RolloutPolicy = { ...POLICY, endpoint: 'flights-eu' as never };
const OTHER_MODEL: RolloutPolicy = { ...aPolicy(), model: 'other' as never };
const RETRAINING = 'retrain.flights.air-time.0123456789abcdef';

let control: InMemoryControl;
let audit: InMemoryAuditLog;
let nowMs: number;
beforeEach(() => {
  control = new InMemoryControl();
  audit = new InMemoryAuditLog();
  nowMs = Date.parse(NOW);
});

const ports = () => ({ audit, clock: { nowMs: () => nowMs } });
const records = () => [...audit.events.values()];

describe('a registered version', () => {
  const registered = (changes: object = {}) =>
    anEvent(MODEL_REGISTERED, { ModelName: 'air-time', ModelVersion: 2 }, { subject: 'models/air-time:2', ...changes });
  const handle = (event: unknown, policies = [OTHER_MODEL, POLICY, ELSEWHERE]) =>
    createOnModelRegistered(ports(), {
      workspaceId: WORKSPACE,
      maxEventAgeMs: DAY_MS,
      policies: createPolicies(policies),
    })(event, control);
  const ids = 'rollout.flights.air-time.2.1, rollout.flights-eu.air-time.2.1';

  it('starts one rollout for each policy of its model, each with its own policy, and records them', async () => {
    const outcome = { outcome: 'started', code: 'started', reason: `Started ${ids}.`, rolloutId: ids };
    expect(await handle(registered())).toEqual(outcome);
    const cause = { kind: 'event', reference: 'e1' } as const;
    expect([...control.instances.values()].map(({ orchestrator, input }) => [orchestrator, input])).toEqual([
      ['rollout', aState({ cause, policy: aPolicy() })],
      ['rollout', { ...aState({ policy: aPolicy({ endpoint: 'flights-eu' as never }) }), cause }],
    ]);
    expect(records()).toEqual([
      {
        eventId: 'e1',
        atIso: NOW,
        type: MODEL_REGISTERED,
        source: WORKSPACE,
        subject: 'models/air-time:2',
        ...outcome,
      },
    ]);
  });

  it('of which one rollout was started before starts the other', async () => {
    await handle(registered(), [POLICY]);
    expect(await handle(registered({ id: 'e2' }))).toMatchObject({ outcome: 'started' });
    const reason = `${ids} was started before.`;
    expect(await handle(registered({ id: 'e3' }))).toEqual({
      ...{ outcome: 'duplicate', code: 'already-started', reason, rolloutId: ids },
    });
    expect(control.instances.size).toBe(2);
  });

  it('without a policy says which model', async () => {
    const reason = 'No policy names model air-time; version 2 is not rolled out.';
    expect(await handle(registered(), [OTHER_MODEL])).toEqual({
      ...{ outcome: 'ignored', code: 'unknown-model', reason, rolloutId: null },
    });
  });

  it('counts for a day, and no millisecond longer', async () => {
    nowMs += DAY_MS;
    expect(await handle(registered())).toMatchObject({ outcome: 'started' });
    nowMs += 1;
    expect(await handle(registered())).toMatchObject({ outcome: 'refused', code: 'stale' });
  });

  it('that is none is on record with all its problems, each once', async () => {
    for (const sent of [{ a: 1 }, { a: 2 }, { a: 1 }, undefined, null]) await handle(sent);
    expect(records()).toHaveLength(3);
    for (const { eventId, reason, ...rest } of records()) {
      expect(eventId).toMatch(/^malformed-[0-9a-f]+$/);
      expect(reason.length).toBeGreaterThan(5);
      expect(rest).toEqual({
        ...{ atIso: NOW, type: '', source: '', subject: '', outcome: 'refused', code: 'malformed', rolloutId: null },
      });
    }
    expect(records()[0]?.reason).toContain('; ');
    const long = await handle(registered({ data: { ['x'.repeat(3000)]: 1, ModelName: 5 } }));
    expect(long.code).toBe('malformed');
    expect(long.reason.length).toBeLessThanOrEqual(2000);
  });
});

describe('an event around training', () => {
  const rules = { source: WORKSPACE, maxEventAgeMs: DAY_MS };
  const newData = (name: string, policies = [OTHER_MODEL, POLICY, ELSEWHERE]) => {
    const data = { api: 'PutBlob', url: `https://a.blob.core.windows.net/${name}`, blobType: 'BlockBlob' };
    const [container, ...path] = name.split('/');
    const subject = `/blobServices/default/containers/${container}/blobs/${path.join('/')}`;
    const event = anEvent(BLOB_CREATED, data, { topic: ACCOUNT, subject });
    return createOnNewData(ports(), { ...rules, source: ACCOUNT, policies: createPolicies(policies) })(event, control);
  };

  it('of new data retrains for each policy that watches its folder', async () => {
    const outcome = await newData('data/flights/a.csv');
    const ids = [...control.instances.keys()].join(', ');
    expect(outcome).toEqual({ outcome: 'started', code: 'started', reason: `Started ${ids}.`, rolloutId: ids });
    expect(control.instances.size).toBe(2);
    expect([...control.instances.values()].map(({ input }) => input)).toMatchObject([
      {
        endpoint: 'flights',
        trigger: { kind: 'new-data', reference: 'e1', sentence: 'New data came: data/flights/a.csv.' },
      },
      { endpoint: 'flights-eu' },
    ]);
    const reason = `${ids} was started before.`;
    expect(await newData('data/flights/a.csv')).toEqual({
      ...{ outcome: 'duplicate', code: 'already-started', reason, rolloutId: ids },
    });
  });

  it.each(['data/trains/flights/a.csv', 'other/flights/a.csv'])('of %s retrains nothing', async (name) => {
    const reason = `No policy retrains on ${name}.`;
    expect(await newData(name)).toEqual({ outcome: 'ignored', code: 'unknown-path', reason, rolloutId: null });
  });

  it('of drift names three features, and how many more there are', async () => {
    const drift = (count: number) => {
      const groups = Array.from({ length: count }, (_value, index) => `'{"metric_value":1,"group":"f${index}"}'`);
      const text = [
        "The signal 'flights-monitor_inputs' has failed due to one or more features violating metric thresholds.",
        'The feature names and their corresponding computed metric values violating the threshold are',
        `[${groups.join(', ')}]`,
      ].join('\n');
      const tags = { azureml_modelmonitor_threshold_breached: text };
      const event = anEvent(RUN_STATUS_CHANGED, { runId: `run-${count}`, runTags: tags });
      return createOnDrift(ports(), { ...rules, policies: createPolicies([OTHER_MODEL, POLICY]) })(event, control);
    };
    for (const count of [3, 4]) await drift(count);
    expect([...control.instances.values()].map(({ input }) => (input as { trigger: object }).trigger)).toMatchObject([
      { sentence: 'The monitor flights-monitor_inputs reports drift of f0, f1, f2.' },
      { sentence: 'The monitor flights-monitor_inputs reports drift of f0, f1, f2 and 1 more.' },
    ]);
  });

  it.each([
    ['Completed', 'woken'],
    ['canceled', 'woken'],
    ['Running', 'still-running'],
  ])('of a run that is %s is %s', async (status, code) => {
    const data = { runId: 'job-1', runStatus: status, runTags: { 'slipway.retraining': RETRAINING } };
    const handle = createOnRunCompleted(ports(), rules);
    const outcome = await handle(anEvent(RUN_STATUS_CHANGED, data), control);
    expect(outcome).toEqual(
      code === 'woken'
        ? {
            outcome: 'delivered',
            code,
            reason: `Run job-1 has ended; ${RETRAINING} looks at it.`,
            rolloutId: RETRAINING,
          }
        : { outcome: 'ignored', code, reason: 'Run job-1 is Running.', rolloutId: null },
    );
    expect(control.woken).toEqual(code === 'woken' ? [RETRAINING] : []);
    expect(records()).toMatchObject([{ eventId: 'run.e1', atIso: NOW, source: WORKSPACE, ...outcome }]);
  });

  it('of a run of somebody else wakes nothing', async () => {
    const event = anEvent(RUN_COMPLETED, { runId: 'job-1', runTags: { 'slipway.retraining': 'rollout.x' } });
    const reason = 'Run job-1 belongs to no retraining.';
    expect(await createOnRunCompleted(ports(), rules)(event, control)).toEqual({
      ...{ outcome: 'ignored', code: 'foreign-run', reason, rolloutId: null },
    });
  });

  it('that is none, or of another kind, is on record', async () => {
    const handle = createOnRunCompleted(ports(), rules);
    for (const sent of [{ a: 1 }, { a: 2 }, undefined, null]) await handle(sent, control);
    expect(records()).toHaveLength(3);
    const known = {
      atIso: NOW,
      type: '',
      source: '',
      subject: '',
      outcome: 'refused',
      code: 'malformed',
      rolloutId: null,
    };
    for (const record of records())
      expect(record).toMatchObject({ eventId: expect.stringMatching(/^malformed-/), ...known });
    const other = await handle(anEvent(BLOB_CREATED, {}), control);
    const reason = `Events of type ${BLOB_CREATED} are not handled here; expected ${RUN_COMPLETED} or ${RUN_STATUS_CHANGED}.`;
    expect(other).toEqual({ outcome: 'refused', code: 'unknown-type', reason, rolloutId: null });
    nowMs += DAY_MS + 1;
    expect(await handle(anEvent(RUN_COMPLETED, {}), control)).toMatchObject({ code: 'stale' });
  });
});
