import { beforeEach, describe, expect, it } from 'vitest';
import { MODEL_REGISTERED } from '../../../../src/contracts/model-registered-event.ts';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import { createOnModelRegistered } from '../../../../src/functions/events/on-model-registered.ts';
import { aPolicy, NOW } from '../../domain/a-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';

const WORKSPACE = '/subscriptions/S/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws';
const config = { workspaceId: WORKSPACE, maxEventAgeMs: 86_400_000, policies: createPolicies([aPolicy()]) };

function event(changes: object = {}) {
  return {
    id: 'e1',
    topic: WORKSPACE.toLowerCase(),
    subject: 'models/air-time:2',
    eventType: MODEL_REGISTERED,
    eventTime: NOW,
    data: { ModelName: 'air-time', ModelVersion: 2 },
    dataVersion: '',
    metadataVersion: '1',
    ...changes,
  };
}

let control: InMemoryControl;
let audit: InMemoryAuditLog;
let handle: ReturnType<typeof createOnModelRegistered>;

beforeEach(() => {
  control = new InMemoryControl();
  audit = new InMemoryAuditLog();
  handle = createOnModelRegistered({ audit, clock: { nowMs: () => Date.parse(NOW) } }, config);
});

describe('a registered version that a policy names', () => {
  it('starts its rollout', async () => {
    expect(await handle(event(), control)).toMatchObject({
      outcome: 'started',
      rolloutId: 'rollout.flights.air-time.2.1',
    });
    expect(control.instances.get('rollout.flights.air-time.2.1')?.input).toMatchObject({
      phase: 'queued',
      cause: { kind: 'event', reference: 'e1' },
    });
  });

  it('starts one rollout from five copies of the event', async () => {
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => handle(event(), control)));
    expect(outcomes.filter(({ outcome }) => outcome === 'started')).toHaveLength(1);
    expect(control.instances.size).toBe(1);
    expect(audit.events.size).toBe(1);
  });

  it('starts nothing again after its rollout has ended', async () => {
    await handle(event(), control);
    control.end('rollout.flights.air-time.2.1', 'completed');
    expect(await handle(event({ id: 'late' }), control)).toMatchObject({ outcome: 'duplicate' });
  });
});

describe('an event that starts nothing', () => {
  it.each([
    ['of another type', { eventType: 'Microsoft.MachineLearningServices.RunCompleted' }, 'unknown-type'],
    ['from another workspace', { topic: '/subscriptions/x' }, 'foreign-source'],
    ['older than a day', { eventTime: '2026-02-01T00:00:00Z' }, 'stale'],
    ['of a model without a policy', { data: { ModelName: 'other', ModelVersion: 1 } }, 'unknown-model'],
    ['without a version', { data: { ModelName: 'air-time' } }, 'malformed'],
    ['without a time', { eventTime: 'never' }, 'malformed'],
  ])('%s is recorded with the reason', async (_name, changes, code) => {
    expect(await handle(event(changes), control)).toMatchObject({ code, rolloutId: null });
    expect([...audit.events.values()]).toMatchObject([{ code, reason: expect.stringMatching(/.{10}/) }]);
    expect(control.instances.size).toBe(0);
  });
});
