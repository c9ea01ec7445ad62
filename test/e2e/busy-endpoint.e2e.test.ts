/** A second version for an endpoint whose lane is taken: it waits, or takes over, as the policy says. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './world/eventually.ts';
import { givenVersion1Serves, type Lane } from './world/given.ts';
import { trailText } from './world/read-records.ts';
import { startWorld, type World } from './world/start-world.ts';
import {
  thenIsPromoted,
  thenIsRolledBack,
  thenIsTagged,
  thenReaches,
  thenTheClientSawNoFailure,
} from './world/then.ts';
import { whenOperatorAborts, whenVersionIsRegistered } from './world/when.ts';

let world: World;
let patient: Lane;
let hasty: Lane;

beforeAll(async () => {
  world = await startWorld({
    name: 'busy',
    lanes: { patient: { approvalBefore: [50] }, hasty: { whenBusy: 'supersede' } },
  });
  [patient, hasty] = (await Promise.all(['patient', 'hasty'].map((lane) => givenVersion1Serves(world, lane)))) as [
    Lane,
    Lane,
  ];
});
afterAll(() => world?.stop());

test.concurrent('a rollout that is aborted while it waits for its turn changes nothing for the one before it', async () => {
  const first = await whenVersionIsRegistered(world, patient, '2');
  await thenReaches(world, first, 'awaiting-approval');
  const second = await whenVersionIsRegistered(world, patient, '3');
  await eventually({
    what: `${second} takes an abort in the queue`,
    read: () => whenOperatorAborts(world, second, 'Not this one.').then(() => true),
    isDone: (isAborted) => isAborted,
  });

  const trail = await thenReaches(world, second, 'rolled-back');
  expect(trail, trailText(trail)).toMatchObject([
    { from: 'queued', phase: 'rolling-back', code: 'aborted', split: null },
    { from: 'rolling-back', phase: 'rolled-back', split: null },
  ]);
  await thenIsTagged(world, patient, '3', 'rejected', second);
  expect((await world.records.trail(first)).at(-1)?.phase).toBe('awaiting-approval');

  await whenOperatorAborts(world, first, 'Nor this one.');
  await thenIsRolledBack(world, patient, '2', first);
});

test.concurrent('a newer version takes the place of one that has live traffic, where the policy says so', async () => {
  const older = await whenVersionIsRegistered(world, hasty, '2');
  await thenReaches(world, older, 'watching');
  const newer = await whenVersionIsRegistered(world, hasty, '3');

  const trail = await thenReaches(world, older, 'rolled-back');
  expect(trail.at(-1), trailText(trail)).toMatchObject({ code: 'superseded' });
  await thenIsTagged(world, hasty, '2', 'superseded', older);
  await thenIsPromoted(world, hasty, '3', newer);
});

test('the steady clients of both endpoints saw no failed request meanwhile', () => {
  thenTheClientSawNoFailure(patient);
  thenTheClientSawNoFailure(hasty);
});
