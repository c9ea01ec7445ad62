/** Events as they really come: several times, never, or wrong. Each version is rolled out once, everything else is written down. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODEL_REGISTERED } from '../../src/contracts/model-registered-event.ts';
import type { EventRecord } from '../../src/domain/audit/record.ts';
import { eventually } from './world/eventually.ts';
import { givenVersion1Serves, type Lane } from './world/given.ts';
import { startWorld, type World } from './world/start-world.ts';
import { answersOfCandidates, thenIsPromoted, thenReaches, thenTheClientSawNoFailure } from './world/then.ts';
import { whenVersionIsRegistered } from './world/when.ts';

const COPIES = 5;
const DAY_MS = 86_400_000;

let world: World;
let lane: Lane;

beforeAll(async () => {
  world = await startWorld({
    name: 'events',
    lanes: { copied: { shadow: true } },
    settings: { SLIPWAY_POLL_SCHEDULE: '*/5 * * * * *', SLIPWAY_MAX_EVENT_AGE: '1d' },
  });
  lane = await givenVersion1Serves(world, 'copied');
});
afterAll(() => world?.stop());

const grid = () => world.stack.services.eventGrid;
const deliveriesOf = (subject: string) =>
  grid()
    .deliveries()
    .filter((delivery) => delivery.subject === subject);

/** Ids of all rollouts that the app knows. */
async function rolloutIds(): Promise<readonly string[]> {
  const { status, body } = await world.api.operate('GET', '/api/rollouts');
  expect(status).toBe(200);
  return (body?.rollouts ?? []).map(({ rolloutId }) => rolloutId).sort();
}

/** How often Azure ML was asked to make a deployment of the endpoint. */
function deploymentsMade(): number {
  const path = new RegExp(`^PUT .*/onlineEndpoints/${lane.endpoint}/deployments/`, 'i');
  return world.stack.services.azureMl.operations.list().filter(({ title }) => path.test(title)).length;
}

function thenEventIsRecorded(isWanted: (record: EventRecord) => boolean): Promise<EventRecord> {
  return eventually({
    what: 'the event is written down',
    read: async () => (await world.records.events()).filter(isWanted),
    isDone: ({ length }) => length > 0,
    explain: async () => JSON.stringify(await world.records.events(), null, 2),
  }).then(([first]) => first as EventRecord);
}

test('five copies of one event give one rollout, and copies after its end start nothing', async () => {
  const before = deploymentsMade();
  grid().armEventFault({ type: 'duplicate', copies: COPIES, eventType: 'ModelRegistered' });
  const rolloutId = await whenVersionIsRegistered(world, lane, '2');
  const trail = await thenIsPromoted(world, lane, '2', rolloutId);

  const delivered = deliveriesOf(`models/${lane.model}:2`);
  expect(delivered.map(({ state, status }) => `${state} ${status}`)).toEqual(Array(COPIES).fill('Delivered 202'));
  expect(new Set(delivered.map(({ eventId }) => eventId)).size).toBe(1);
  expect(deploymentsMade() - before).toBe(1);
  expect(trail.map(({ sequence }) => sequence)).toEqual(trail.map((_, index) => index));
  const rollouts = await rolloutIds();
  expect(rollouts.filter((id) => id.includes(`${lane.model}.2.`))).toEqual([rolloutId]);

  const late = anEvent({ subject: `models/${lane.model}:2`, data: { ModelName: lane.model, ModelVersion: 2 } });
  expect((await world.api.deliver(late)).status).toBe(202);
  expect((await world.api.deliver({ ...late, id: delivered[0]?.eventId })).status).toBe(202);
  expect(await thenEventIsRecorded(({ eventId }) => eventId === late.id)).toMatchObject({
    outcome: 'duplicate',
    code: 'already-started',
    rolloutId,
  });
  expect(await rolloutIds()).toEqual(rollouts);
  expect(await world.records.trail(rolloutId)).toEqual(trail);
});

test('a version whose event was lost is found by the fallback poll and rolled out under the same id', async () => {
  grid().armEventFault({ type: 'drop', eventType: 'ModelRegistered' });
  const rolloutId = await whenVersionIsRegistered(world, lane, '3');

  await thenReaches(world, rolloutId, 'deploying');

  expect(deliveriesOf(`models/${lane.model}:3`)).toEqual([]);
  const instance = await world.api.manage('GET', `/instances/${rolloutId}?showInput=true`);
  expect(instance.text).toContain('"kind":"poll"');
});

/** What Azure ML sends; `members` replace its own. */
function anEvent(members: Readonly<Record<string, unknown>>) {
  return {
    id: randomUUID(),
    topic: world.stack.workspaceArmId,
    subject: `models/${lane.model}:9`,
    eventType: MODEL_REGISTERED,
    eventTime: new Date().toISOString(),
    data: { ModelName: lane.model, ModelVersion: 9 },
    dataVersion: '',
    metadataVersion: '1',
    ...members,
  };
}

describe('an event that cannot be a reason for a rollout is taken once, written down with the reason, and starts nothing', () => {
  const cases: readonly (readonly [name: string, code: string, reason: string, event: () => object])[] = [
    ['malformed', 'malformed', 'eventType', () => ({ data: { ModelName: lane.model }, marker: randomUUID() })],
    ['without a version', 'malformed', 'data.modelversion', () => anEvent({ data: { ModelName: lane.model } })],
    [
      'of an unknown type',
      'unknown-type',
      'RunCompleted',
      () => anEvent({ eventType: 'Microsoft.MachineLearningServices.RunCompleted' }),
    ],
    [
      'from a foreign workspace',
      'foreign-source',
      'not from this workspace',
      () => anEvent({ topic: `${world.stack.workspaceArmId}-of-somebody-else` }),
    ],
    [
      'about a model that no policy names',
      'unknown-model',
      'No policy names model stranger',
      () => anEvent({ data: { ModelName: 'stranger', ModelVersion: 1 } }),
    ],
    [
      'older than a day',
      'stale',
      'start nothing',
      () => anEvent({ eventTime: new Date(Date.now() - 2 * DAY_MS).toISOString() }),
    ],
  ];

  test.for(cases)('%s', async ([_name, code, reason, makeEvent]) => {
    const rollouts = await rolloutIds();
    const known = new Set((await world.records.events()).map(({ eventId }) => eventId));

    const reply = await world.api.deliver(makeEvent());

    expect(reply.status).toBe(202);
    const record = await thenEventIsRecorded(({ eventId }) => !known.has(eventId));
    expect(record).toMatchObject({ outcome: code === 'unknown-model' ? 'ignored' : 'refused', code });
    expect(record.reason).toContain(reason);
    expect(await rolloutIds()).toEqual(rollouts);
  });
});

test('the steady client saw no failed request meanwhile', () => {
  thenTheClientSawNoFailure(lane);
  expect(answersOfCandidates(lane)).toBeGreaterThan(0);
});
