/** What the events around training lead to: one retraining per occasion, a wake-up, or a recorded reason for nothing. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  BLOB_CREATED,
  DATASET_DRIFT,
  RUN_COMPLETED,
  RUN_STATUS_CHANGED,
} from '../../../../src/contracts/training-events.ts';
import type { ModelName } from '../../../../src/domain/ids/names.ts';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import type { RetrainingState } from '../../../../src/domain/retraining/state.ts';
import {
  createOnDrift,
  createOnNewData,
  createOnRunCompleted,
} from '../../../../src/functions/events/on-training-events.ts';
import { createPollData } from '../../../../src/functions/timers/poll-data.ts';
import { aPolicy, NOW } from '../../domain/a-policy.ts';
import { aRetrainingPolicy } from '../../domain/a-retraining-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';
import { ScriptedTraining } from '../../fakes/scripted-training.ts';
import { ACCOUNT, anEvent, BREACH_TEXT, WORKSPACE } from './a-drift-event.ts';

const POLICY = aPolicy({ retrain: aRetrainingPolicy() });
const DAY_MS = 86_400_000;
const clock = { nowMs: () => Date.parse(NOW) };
const rules = { source: WORKSPACE.toUpperCase(), maxEventAgeMs: DAY_MS, policies: createPolicies([POLICY]) };
const breach = (runId = 'run-1') => ({ runId, runTags: { azureml_modelmonitor_threshold_breached: BREACH_TEXT } });

let control: InMemoryControl;
let audit: InMemoryAuditLog;

beforeEach(() => {
  control = new InMemoryControl();
  audit = new InMemoryAuditLog();
});

const onDrift = (event: unknown, policies = [POLICY]) =>
  createOnDrift({ audit, clock }, { ...rules, policies: createPolicies(policies) })(event, control);
const onNewData = (event: unknown) => createOnNewData({ audit, clock }, { ...rules, source: ACCOUNT })(event, control);
const onRun = (event: unknown) => createOnRunCompleted({ audit, clock }, rules)(event, control);
const states = () => [...control.instances.values()].map(({ input }) => input as RetrainingState);

describe('a drift', () => {
  it('starts a retraining that says which features moved', async () => {
    expect(await onDrift(anEvent(RUN_STATUS_CHANGED, breach()))).toMatchObject({ outcome: 'started' });
    expect(states()).toMatchObject([
      {
        phase: 'requested',
        ignoreCoolDown: false,
        trigger: {
          kind: 'drift',
          reference: 'run-1',
          sentence: 'The monitor flights-monitor_inputs reports drift of distance, carrier.',
        },
      },
    ]);
    expect(audit.events.get('e1')).toMatchObject({ outcome: 'started', rolloutId: states()[0]?.retrainingId });
  });

  it('of the first generation of monitors does so too', async () => {
    const event = anEvent(DATASET_DRIFT, { DataDriftName: 'flights-monitor', RunId: 'd1', DriftCoefficient: 0.8 });
    expect(await onDrift(event)).toMatchObject({ outcome: 'started' });
  });

  it('that comes again, also under another event id, starts nothing more', async () => {
    await onDrift(anEvent(RUN_STATUS_CHANGED, breach()));
    const again = await onDrift(anEvent(RUN_STATUS_CHANGED, breach(), { id: 'e2' }));
    expect(again).toMatchObject({ outcome: 'duplicate', code: 'already-started' });
    expect(states()).toHaveLength(1);
    await onDrift(anEvent(RUN_STATUS_CHANGED, breach('run-2'), { id: 'e3' }));
    expect(states()).toHaveLength(2);
  });

  it('retrains every model whose policy names the monitor, and no other', async () => {
    const other = aPolicy({ model: 'other' as ModelName, retrain: aRetrainingPolicy() });
    const triggers = { ...aRetrainingPolicy().triggers, drift: { monitor: 'flights', confirm: 'off' } as const };
    const similar = aPolicy({ model: 'similar' as ModelName, retrain: aRetrainingPolicy({ triggers }) });
    await onDrift(anEvent(RUN_STATUS_CHANGED, breach()), [POLICY, other, similar, aPolicy()]);
    expect(states().map(({ model }) => model)).toEqual(['air-time', 'other']);
  });

  it.each([
    [
      'of a monitor that no policy names',
      {
        data: {
          runId: 'r',
          runTags: { azureml_modelmonitor_threshold_breached: BREACH_TEXT.replace('flights', 'trains') },
        },
      },
      'unknown-monitor',
    ],
    ['that is none: the run only failed', { data: { runId: 'r', runTags: {}, runStatus: 'Failed' } }, 'no-breach'],
    ['of another workspace', { topic: `${WORKSPACE}2` }, 'foreign-source'],
    ['that is two days old', { eventTime: '2026-02-27T12:00:00.000Z' }, 'stale'],
    ['of another type', { eventType: RUN_COMPLETED }, 'unknown-type'],
    ['that cannot be read', { data: { runTags: {} } }, 'malformed'],
  ])('%s starts nothing and is recorded', async (_name, changes, code) => {
    expect(await onDrift(anEvent(RUN_STATUS_CHANGED, breach(), changes))).toMatchObject({ code, rolloutId: null });
    expect(states()).toEqual([]);
    expect(audit.events.get('e1')).toMatchObject({ code });
  });

  it('that is no event at all is recorded and never sent again', async () => {
    expect(await onDrift('nonsense')).toMatchObject({ outcome: 'refused', code: 'malformed' });
    expect(audit.events.size).toBe(1);
  });
});

describe('new data', () => {
  const blob = (path: string, changes: object = {}) =>
    anEvent(BLOB_CREATED, {}, { topic: ACCOUNT, subject: `/blobServices/default/containers/${path}`, ...changes });

  it("under the policy's path starts a retraining, once per event", async () => {
    expect(await onNewData(blob('data/blobs/flights/07.jsonl'))).toMatchObject({ outcome: 'started' });
    expect(await onNewData(blob('data/blobs/flights/07.jsonl'))).toMatchObject({ outcome: 'duplicate' });
    expect(states()).toMatchObject([
      { trigger: { kind: 'new-data', sentence: 'New data came: data/flights/07.jsonl.' } },
    ]);
  });

  it.each([
    ['in another folder', blob('data/blobs/trains/07.jsonl'), 'unknown-path'],
    ['in another container', blob('other/blobs/flights/07.jsonl'), 'unknown-path'],
    ['in another account', blob('data/blobs/flights/07.jsonl', { topic: `${ACCOUNT}2` }), 'foreign-source'],
    ['that names no blob', blob('data'), 'malformed'],
  ])('%s starts nothing', async (_name, event, code) => {
    expect(await onNewData(event)).toMatchObject({ code });
    expect(states()).toEqual([]);
  });
});

describe('a new version of a data asset', () => {
  const newData = { container: null, prefix: '', dataAsset: 'flights' };
  const triggers = { ...aRetrainingPolicy().triggers, newData };
  const watching = aPolicy({ retrain: aRetrainingPolicy({ triggers }) });

  function poll(assets: ScriptedTraining, policies = [watching]) {
    return createPollData({ assets, clock }, { policies: createPolicies(policies), maxEventAgeMs: DAY_MS })(control);
  }
  function created(hoursAgo: number): ScriptedTraining {
    const training = new ScriptedTraining();
    training.dataCreatedAtIso = new Date(Date.parse(NOW) - hoursAgo * 3_600_000).toISOString();
    return training;
  }

  it('starts a retraining, once, however often it is found', async () => {
    expect(await poll(created(1))).toEqual([states()[0]?.retrainingId]);
    expect(await poll(created(1))).toEqual([]);
    expect(states()).toMatchObject([{ trigger: { kind: 'new-data', reference: 'azureml:flights:3' } }]);
  });

  it('that was there long before, or that no policy names, starts nothing', async () => {
    expect(await poll(created(25))).toEqual([]);
    expect(await poll(created(1), [POLICY, aPolicy()])).toEqual([]);
  });

  it('that cannot be read does not keep the others from being found', async () => {
    const flaky = created(1);
    flaky.failures.set('resolve', 1);
    const other = { ...watching, model: 'other' as ModelName };
    await expect(poll(flaky, [watching, other])).rejects.toThrow('1 data assets could not be polled');
    expect(states().map(({ model }) => model)).toEqual(['other']);
  });
});

describe('a job that ended', () => {
  const tags = { 'slipway.retraining': 'retrain.flights.air-time.0123456789abcdef' };

  it.each([
    ['completed', RUN_COMPLETED, {}],
    ['failed', RUN_STATUS_CHANGED, { runStatus: 'Failed' }],
    ['was canceled', RUN_STATUS_CHANGED, { RunStatus: 'canceled' }],
  ])('and %s wakes its retraining', async (_name, type, data) => {
    const outcome = await onRun(anEvent(type, { runId: 'job-1', runTags: tags, ...data }));
    expect(outcome).toMatchObject({ outcome: 'delivered', code: 'woken' });
    expect(control.woken).toEqual([tags['slipway.retraining']]);
  });

  it.each([
    ['runs still', { runTags: tags, runStatus: 'Running' }, 'still-running'],
    ['belongs to nobody', { runTags: {} }, 'foreign-run'],
    ['names a rollout', { runTags: { 'slipway.retraining': 'rollout.flights.air-time.2.1' } }, 'foreign-run'],
  ])('but %s wakes nothing', async (_name, data, code) => {
    expect(await onRun(anEvent(RUN_STATUS_CHANGED, { runId: 'job-1', ...data }))).toMatchObject({ code });
    expect(control.woken).toEqual([]);
  });

  it('and is a drift as well has the outcome of both functions on record', async () => {
    const event = anEvent(RUN_STATUS_CHANGED, breach());
    await onRun(event);
    await onDrift(event);
    expect([...audit.events.values()].map(({ code }) => code)).toEqual(['foreign-run', 'started']);
  });
});
