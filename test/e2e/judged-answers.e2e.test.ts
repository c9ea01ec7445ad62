/** Versions that serve quickly and without errors, and answer otherwise: one waits for a person, one is turned back by what became of its answers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { givenAModelOf, givenOutcomesArrived, NAMED_ROWS } from './world/answers.ts';
import { givenVersion1Serves, type Lane } from './world/given.ts';
import { trailText } from './world/read-records.ts';
import { startWorld, type World } from './world/start-world.ts';
import { thenIsPromoted, thenIsRolledBack, thenTheClientSawNoFailure, thenTrailHas } from './world/then.ts';
import { whenOperatorResumes, whenVersionIsRegistered } from './world/when.ts';

let world: World;
let moved: Lane;
let worse: Lane;

beforeAll(async () => {
  world = await startWorld({
    name: 'answers',
    lanes: {
      // Longer than some hundred predictions take.
      moved: { judgedAnswers: 'predictions', dwellBuckets: 20 },
      worse: { judgedAnswers: 'outcomes', dwellBuckets: 60 },
    },
  });
  await givenOutcomesArrived(world, 'worse');
  [moved, worse] = (await Promise.all(
    ['moved', 'worse'].map((lane) => givenVersion1Serves(world, lane, NAMED_ROWS)),
  )) as [Lane, Lane];
});
afterAll(() => world?.stop());

test.concurrent('predictions that moved stop a version where it is until a person accepts them', async () => {
  const rolloutId = await whenVersionIsRegistered(world, moved, '2', await givenAModelOf(world, 3));
  const held = await thenTrailHas(world, rolloutId, 'the rollout stands still', ({ kind, reason }) => {
    return kind === 'operator-needed' && reason.includes("of green's predictions");
  });
  expect(held.at(-1), trailText(held)).toMatchObject({ phase: 'watching', decision: 'hold' });
  await whenOperatorResumes(world, rolloutId, 'It is meant to answer higher.');
  await thenIsPromoted(world, moved, '2', rolloutId);
  thenTheClientSawNoFailure(moved);
});

test.concurrent('a version whose answers turn out wrong is turned back, although it is quick and never fails', async () => {
  const rolloutId = await whenVersionIsRegistered(world, worse, '2', await givenAModelOf(world, 1.5));
  const trail = await thenIsRolledBack(world, worse, '2', rolloutId);
  const cause = trail.find(({ phase }) => phase === 'rolling-back');
  expect(cause, trailText(trail)).toMatchObject({
    code: 'canary-failed',
    reason: expect.stringContaining('(outcomes)'),
  });
  thenTheClientSawNoFailure(worse);
});
