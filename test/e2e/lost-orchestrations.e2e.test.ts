/** What a rollout is worth when the ground gives way: the host is killed, or the orchestration is taken away. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './world/eventually.ts';
import { givenVersion1Serves, type Lane } from './world/given.ts';
import { trailText } from './world/read-records.ts';
import { startWorld, type World } from './world/start-world.ts';
import {
  answersOfCandidates,
  thenIsPromoted,
  thenIsTagged,
  thenReaches,
  thenTheClientSawNoFailure,
  thenTrailHas,
} from './world/then.ts';
import {
  whenTheHostIsKilledAndRestarted,
  whenTheNextTrafficWriteTakes,
  whenVersionIsRegistered,
} from './world/when.ts';

/** A step's traffic write is still under way when the host is gone. */
const SLOW_WRITE_MS = 3000;

let world: World;
let killed: Lane;
let orphaned: Lane;

beforeAll(async () => {
  world = await startWorld({ name: 'lost', lanes: { killed: { shadow: true }, orphaned: {} } });
  [killed, orphaned] = (await Promise.all(['killed', 'orphaned'].map((lane) => givenVersion1Serves(world, lane)))) as [
    Lane,
    Lane,
  ];
});
afterAll(() => world?.stop());

test.concurrent('a host that is killed while green is made, and again in the middle of a step, goes on to the promotion', async () => {
  const rolloutId = await whenVersionIsRegistered(world, killed, '2');
  await thenReaches(world, rolloutId, 'deploying');
  await whenTheHostIsKilledAndRestarted(world);
  await thenReaches(world, rolloutId, 'shadowing');
  whenTheNextTrafficWriteTakes(world, killed, SLOW_WRITE_MS);
  await thenReaches(world, rolloutId, 'shifting');
  await whenTheHostIsKilledAndRestarted(world);

  const trail = await thenIsPromoted(world, killed, '2', rolloutId);

  const phases = trail.filter(({ kind }) => kind === 'phase-changed').map(({ phase }) => phase);
  expect(phases, trailText(trail)).toEqual([
    'preparing',
    'deploying',
    'smoke-testing',
    'mirroring',
    'shadowing',
    'shifting',
    'watching',
    'promoting',
    'baking',
    'retiring',
    'promoted',
  ]);
});

test.concurrent('a rollout that is terminated while green has live traffic is rolled back by the watchdog, and the next version goes live', async () => {
  const lost = await whenVersionIsRegistered(world, orphaned, '2');
  await thenReaches(world, lost, 'watching');
  const next = await whenVersionIsRegistered(world, orphaned, '3');
  await eventually({
    what: `${lost} is terminated over the management API`,
    read: () => world.api.manage('POST', `/instances/${lost}/terminate?reason=by-mistake`),
    isDone: ({ status }) => status === 202,
  });

  await thenTrailHas(world, lost, 'the watchdog takes over', ({ kind }) => kind === 'lane-recovered');
  const trail = await thenReaches(world, lost, 'rolled-back');
  expect(trail.at(-1), trailText(trail)).toMatchObject({ phase: 'rolled-back', code: 'orchestration-lost' });
  await thenIsTagged(world, orphaned, '2', 'rejected', lost);
  const successor = await thenIsPromoted(world, orphaned, '3', next);

  const found = successor.find(({ phase }) => phase === 'deploying');
  expect(found?.split, trailText(successor)).toEqual({ traffic: { [orphaned.blue]: 100 }, mirror: {} });
});

test('the steady clients of both endpoints saw no failed request meanwhile', () => {
  for (const lane of [killed, orphaned]) {
    thenTheClientSawNoFailure(lane);
    expect(answersOfCandidates(lane)).toBeGreaterThan(0);
  }
});
