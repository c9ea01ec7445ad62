/** An operator changes their mind in every phase: each time the old split is back, and no client notices anything. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RolloutId } from '../../src/domain/ids/names.ts';
import type { Phase } from '../../src/domain/rollout/phase.ts';
import { OPERATOR } from './world/app-api.ts';
import { givenVersion1Serves, type Lane } from './world/given.ts';
import { trailText } from './world/read-records.ts';
import { startWorld, type World } from './world/start-world.ts';
import { answersOfCandidates, thenIsRolledBack, thenReaches, thenTheClientSawNoFailure } from './world/then.ts';
import {
  whenOperatorAborts,
  whenOperatorRetries,
  whenTheNextTrafficWriteTakes,
  whenVersionIsRegistered,
} from './world/when.ts';

/** Attempts at one version, one after the other on their own endpoint. */
interface Series {
  readonly lane: Lane;
  last: RolloutId | null;
  turn: Promise<unknown>;
}

/** Long enough for an abort to arrive while Azure ML is still writing. */
const SLOW_WRITE_MS = 3000;
const VERSION = '2';

let world: World;
let careful: Series;
let direct: Series;

beforeAll(async () => {
  world = await startWorld({
    name: 'aborted',
    lanes: {
      careful: { shadow: true, approvalBefore: [50], smokeMs: 1500 },
      direct: { dwellBuckets: 4 },
    },
  });
  const lanes = await Promise.all(['careful', 'direct'].map((lane) => givenVersion1Serves(world, lane)));
  [careful, direct] = lanes.map((lane): Series => ({ lane, last: null, turn: Promise.resolve() })) as [Series, Series];
});
afterAll(() => world?.stop());

/** The first attempt begins with the event of the registration, the others with a retry of the one before. */
async function nextAttempt(series: Series): Promise<RolloutId> {
  const next =
    series.last === null
      ? await whenVersionIsRegistered(world, series.lane, VERSION)
      : await whenOperatorRetries(world, series.last);
  series.last = next;
  return next;
}

function inTurn(series: Series, attempt: () => Promise<void>): Promise<void> {
  const mine = series.turn.then(attempt);
  series.turn = mine.catch(() => undefined);
  return mine;
}

/** What the operator's abort is written down as leaving; an abort during the smoke test counts when its answers are in. */
const CASES: readonly (readonly [phase: Phase, series: () => Series, slowWriteAfter: Phase | null, left: Phase])[] = [
  ['deploying', () => careful, null, 'deploying'],
  ['shifting', () => direct, 'deploying', 'shifting'],
  ['smoke-testing', () => careful, null, 'mirroring'],
  ['watching', () => direct, null, 'watching'],
  ['mirroring', () => careful, 'deploying', 'mirroring'],
  ['promoting', () => direct, 'watching', 'promoting'],
  ['shadowing', () => careful, null, 'shadowing'],
  ['baking', () => direct, null, 'baking'],
  ['awaiting-approval', () => careful, null, 'awaiting-approval'],
];

test.concurrent.for(CASES)(
  "an abort raised while %s ends in the snapshot's traffic, without green, with the version rejected",
  ([phase, seriesOf, slowWriteAfter, left]) => {
    const series = seriesOf();
    return inTurn(series, async () => {
      const rolloutId = await nextAttempt(series);
      if (slowWriteAfter) {
        await thenReaches(world, rolloutId, slowWriteAfter);
        whenTheNextTrafficWriteTakes(world, series.lane, SLOW_WRITE_MS);
      }
      const before = await thenReaches(world, rolloutId, phase);
      expect(before.at(-1)?.phase, trailText(before)).toBe(phase);

      await whenOperatorAborts(world, rolloutId, `Not while ${phase}.`);

      const trail = await thenIsRolledBack(world, series.lane, VERSION, rolloutId);
      const turningPoint = trail.find((record) => record.phase === 'rolling-back');
      expect(turningPoint, trailText(trail)).toMatchObject({ from: left, actor: OPERATOR, code: 'aborted' });
      expect(turningPoint?.reason).toContain(`Not while ${phase}.`);
    });
  },
);

test('the steady clients saw no failed request, and no answer of a candidate that nobody had approved', () => {
  thenTheClientSawNoFailure(careful.lane);
  expect(answersOfCandidates(careful.lane)).toBe(0);
  thenTheClientSawNoFailure(direct.lane);
  expect(answersOfCandidates(direct.lane)).toBeGreaterThan(0);
});
