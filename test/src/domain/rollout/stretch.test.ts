/** What the judge is told about the present stretch of traffic. */
import { describe, expect, it } from 'vitest';
import { stretchOf } from '../../../../src/domain/rollout/stretch.ts';
import { aPolicy, aSnapshot, aState } from '../a-policy.ts';

const SINCE = 1_772_366_473_000;
const policy = aPolicy({
  shadow: { mirrorPercent: 20, dwellBuckets: 3 },
  steps: [
    { weight: 10, dwellBuckets: 4 },
    { weight: 50, dwellBuckets: 6 },
  ],
  bake: { dwellBuckets: 7 },
});
const served = aState({ policy, snapshot: aSnapshot() });

describe('a stretch', () => {
  it.each([
    ['the shadow', { phase: 'shadowing' }, { phase: 'shadowing', dwellBuckets: 3, lastStep: false, blueServed: true }],
    [
      'an approval before the first step',
      { phase: 'awaiting-approval' },
      { phase: 'shadowing', dwellBuckets: 3, lastStep: false, blueServed: true },
    ],
    [
      'the first step',
      { phase: 'watching', liveWeight: 10, stepIndex: 0 },
      { phase: 'watching', dwellBuckets: 4, lastStep: false, blueServed: true },
    ],
    [
      'the last step',
      { phase: 'watching', liveWeight: 50, stepIndex: 1 },
      { phase: 'watching', dwellBuckets: 6, lastStep: true, blueServed: true },
    ],
    [
      'the bake',
      { phase: 'baking', liveWeight: 100, stepIndex: 2 },
      { phase: 'baking', dwellBuckets: 7, lastStep: true, blueServed: true },
    ],
  ] as const)('of %s', (_what, changes, expected) => {
    expect(stretchOf({ ...served, ...changes }, SINCE)).toEqual({ sinceMs: SINCE, ...expected });
  });

  it('of a shadow without steps after it is the last', () => {
    expect(stretchOf(aState({ policy: { ...policy, steps: [] }, phase: 'shadowing' }), SINCE).lastStep).toBe(true);
  });

  it('of a bake without a mirror compares with blue as it was', () => {
    const state = aState({ policy: { ...policy, shadow: null }, snapshot: aSnapshot(), phase: 'baking' });
    expect(stretchOf(state, SINCE).blueServed).toBe(false);
  });
});
