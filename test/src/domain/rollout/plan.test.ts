import { describe, expect, it } from 'vitest';
import {
  deletesGreen,
  intendedSplit,
  ownSplits,
  phaseAfterSmokeTest,
  phaseOfStep,
  retiredDeployments,
} from '../../../../src/domain/rollout/plan.ts';
import { sameSplit } from '../../../../src/domain/rollout/traffic-split.ts';
import { aPolicy, aSnapshot, aState } from '../a-policy.ts';

const snapshot = aSnapshot();
const green = aState().green;

describe('the order of phases', () => {
  it('asks before the steps that the policy names', () => {
    expect(phaseOfStep(aPolicy(), 0)).toBe('shifting');
    expect(phaseOfStep(aPolicy(), 1)).toBe('awaiting-approval');
    expect(phaseOfStep(aPolicy(), 2)).toBe('promoting');
    expect(phaseOfStep(aPolicy({ approval: { beforeWeights: [100], timeoutSeconds: 1 } }), 2)).toBe(
      'awaiting-approval',
    );
  });

  it('shadows first where the policy has a shadow', () => {
    expect(phaseAfterSmokeTest(aState({ snapshot }))).toEqual({ to: 'mirroring', stepIndex: 0 });
    expect(phaseAfterSmokeTest(aState({ snapshot, policy: aPolicy({ shadow: null }) }))).toEqual({
      to: 'shifting',
      stepIndex: 0,
    });
  });

  it('promotes at once where nothing serves yet', () => {
    const empty = aSnapshot({ blue: null, split: { traffic: {}, mirror: {} } });
    expect(phaseAfterSmokeTest(aState({ snapshot: empty }))).toEqual({ to: 'promoting', stepIndex: 2 });
  });
});

describe('the intended split', () => {
  it.each([
    ['deploying', { traffic: { blue: 100 }, mirror: {} }],
    ['shadowing', { traffic: { blue: 100 }, mirror: { [green]: 20 } }],
    ['watching', { traffic: { blue: 90, [green]: 10 }, mirror: {} }],
    ['baking', { traffic: { [green]: 100 }, mirror: { blue: 20 } }],
    ['retiring', { traffic: { [green]: 100 }, mirror: {} }],
    ['rolling-back', { traffic: { blue: 100 }, mirror: {} }],
  ] as const)('in %s', (phase, split) => {
    expect(intendedSplit(aState({ phase, snapshot }))).toEqual(split);
  });

  it('while a person is asked is what is live', () => {
    const asking = aState({
      phase: 'awaiting-approval',
      snapshot,
      stepIndex: 1,
      liveWeight: 10,
      trafficSinceIso: '2026-01-01T00:00:00Z',
    });
    expect(intendedSplit(asking)).toEqual({ traffic: { blue: 90, [green]: 10 }, mirror: {} });
    const shadowed = { ...asking, liveWeight: 0, stepIndex: 0 };
    expect(intendedSplit(shadowed)?.mirror).toEqual({ [green]: 20 });
  });

  it("is always one of the rollout's own", () => {
    for (const phase of [
      'deploying',
      'mirroring',
      'shadowing',
      'shifting',
      'promoting',
      'baking',
      'rolling-back',
    ] as const) {
      const state = aState({ phase, snapshot });
      const intended = intendedSplit(state);
      expect(ownSplits(state).some((own) => intended !== null && sameSplit(own, intended))).toBe(true);
    }
  });
});

describe('what is removed at the end', () => {
  it('is blue after a promotion, unless the policy keeps it', () => {
    expect(retiredDeployments(aState({ snapshot }))).toEqual(['blue']);
    const keeping = aPolicy({ keep: { blue: 'keep', rejectedGreen: 'delete' } });
    expect(retiredDeployments(aState({ snapshot, policy: keeping }))).toEqual([]);
  });

  it('is green after a rollback, unless it was never made, is kept, or served before', () => {
    expect(deletesGreen(aState({ snapshot, greenRequested: true }))).toBe(true);
    expect(deletesGreen(aState({ snapshot, greenRequested: false }))).toBe(false);
    const serving = aSnapshot({ split: { traffic: { blue: 90, [green]: 10 }, mirror: {} } });
    expect(deletesGreen(aState({ snapshot: serving, greenRequested: true }))).toBe(false);
  });
});
