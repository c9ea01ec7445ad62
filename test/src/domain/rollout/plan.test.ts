import { describe, expect, it } from 'vitest';
import { PHASES } from '../../../../src/domain/rollout/phase.ts';
import {
  deletesGreen,
  hasMirrorInBake,
  intendedSplit,
  ownSplits,
  phaseAfterSmokeTest,
  phaseOfStep,
  retiredDeployments,
  weightOf,
} from '../../../../src/domain/rollout/plan.ts';
import { sameSplit } from '../../../../src/domain/rollout/traffic-split.ts';
import { aPolicy, aSnapshot, aState, NOW } from '../a-policy.ts';

const snapshot = aSnapshot();
const green = aState().green;

describe('the order of phases', () => {
  it('asks before the steps that the policy names', () => {
    expect(phaseOfStep(aPolicy(), 0)).toBe('shifting');
    expect(phaseOfStep(aPolicy(), 1)).toBe('awaiting-approval');
    expect(phaseOfStep(aPolicy(), 2)).toBe('promoting');
    expect(phaseOfStep(aPolicy({ approval: null }), 1)).toBe('shifting');
    expect([0, 1, 2, 3].map((index) => weightOf(aPolicy(), index))).toEqual([10, 50, 100, 100]);
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
    expect(phaseAfterSmokeTest(aState())).toEqual({ to: 'promoting', stepIndex: 2 });
  });
});

describe('the intended split', () => {
  it.each([
    ['queued', { traffic: { blue: 100 }, mirror: {} }],
    ['deploying', { traffic: { blue: 100 }, mirror: {} }],
    ['mirroring', { traffic: { blue: 100 }, mirror: { [green]: 20 } }],
    ['shadowing', { traffic: { blue: 100 }, mirror: { [green]: 20 } }],
    ['shifting', { traffic: { blue: 90, [green]: 10 }, mirror: {} }],
    ['watching', { traffic: { blue: 90, [green]: 10 }, mirror: {} }],
    ['promoting', { traffic: { [green]: 100 }, mirror: { blue: 20 } }],
    ['baking', { traffic: { [green]: 100 }, mirror: { blue: 20 } }],
    ['retiring', { traffic: { [green]: 100 }, mirror: {} }],
    ['promoted', { traffic: { [green]: 100 }, mirror: {} }],
    ['rolled-back', { traffic: { blue: 100 }, mirror: {} }],
    ['rolling-back', { traffic: { blue: 100 }, mirror: {} }],
  ] as const)('in %s', (phase, split) => {
    expect(intendedSplit(aState({ phase, snapshot }))).toEqual(split);
  });

  it('is not known before the endpoint was read', () => {
    for (const phase of PHASES) expect(intendedSplit(aState({ phase }))).toBeNull();
    expect(ownSplits(aState())).toEqual([]);
    expect(hasMirrorInBake(aState())).toBe(false);
    expect(retiredDeployments(aState())).toEqual([]);
  });

  it('without a shadow has no mirror', () => {
    const policy = aPolicy({ shadow: null });
    const before = { traffic: { blue: 100 }, mirror: {} };
    const after = { traffic: { [green]: 100 }, mirror: {} };
    expect(intendedSplit(aState({ phase: 'shadowing', snapshot, policy }))).toEqual(before);
    expect(intendedSplit(aState({ phase: 'baking', snapshot, policy }))).toEqual(after);
    expect(hasMirrorInBake(aState({ snapshot, policy }))).toBe(false);
    expect(hasMirrorInBake(aState({ snapshot }))).toBe(true);
  });

  it('where nothing served has nothing to mirror', () => {
    const empty = aSnapshot({ blue: null, split: { traffic: {}, mirror: {} } });
    const state = aState({ snapshot: empty, trafficSinceIso: NOW });
    expect(intendedSplit({ ...state, phase: 'shadowing' })).toEqual(empty.split);
    expect(intendedSplit({ ...state, phase: 'awaiting-approval' })).toEqual(empty.split);
    expect(intendedSplit({ ...state, phase: 'awaiting-approval', liveWeight: 10 })).toEqual(empty.split);
    expect(intendedSplit({ ...state, phase: 'baking' })).toEqual({ traffic: { [green]: 100 }, mirror: {} });
  });

  it('where green itself served before mirrors nothing to it', () => {
    const own = aSnapshot({ blue: green, split: { traffic: { [green]: 100 }, mirror: {} } });
    expect(intendedSplit(aState({ phase: 'baking', snapshot: own }))).toEqual({
      traffic: { [green]: 100 },
      mirror: {},
    });
    expect(hasMirrorInBake(aState({ snapshot: own }))).toBe(false);
  });

  it('while a person is asked before anything was written is the split that was found', () => {
    const asking = aState({ phase: 'awaiting-approval', snapshot });
    expect(intendedSplit(asking)).toEqual(snapshot.split);
    const unshadowed = { ...asking, trafficSinceIso: NOW, policy: aPolicy({ shadow: null }) };
    expect(intendedSplit(unshadowed)).toEqual(snapshot.split);
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

  it("knows every split of the rollout's own, in its order", () => {
    expect(ownSplits(aState({ snapshot }))).toEqual([
      snapshot.split,
      { traffic: { blue: 100 }, mirror: { [green]: 20 } },
      { traffic: { blue: 90, [green]: 10 }, mirror: {} },
      { traffic: { blue: 50, [green]: 50 }, mirror: {} },
      { traffic: { [green]: 100 }, mirror: {} },
      { traffic: { [green]: 100 }, mirror: { blue: 20 } },
    ]);
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
    const shared = aSnapshot({ split: { traffic: { [green]: 10, b: 90, gone: 0 }, mirror: {} } });
    expect(retiredDeployments(aState({ snapshot: shared }))).toEqual(['b']);
  });

  it('is green after a rollback, unless it was never made, is kept, or served before', () => {
    expect(deletesGreen(aState({ snapshot, greenRequested: true }))).toBe(true);
    expect(deletesGreen(aState({ snapshot, greenRequested: false }))).toBe(false);
    const keeping = aPolicy({ keep: { blue: 'delete', rejectedGreen: 'keep' } });
    expect(deletesGreen(aState({ snapshot, policy: keeping, greenRequested: true }))).toBe(false);
    expect(deletesGreen(aState({ greenRequested: true }))).toBe(true);
    const mirrored = aSnapshot({ split: { traffic: { blue: 100 }, mirror: { [green]: 10 } } });
    expect(deletesGreen(aState({ snapshot: mirrored, greenRequested: true }))).toBe(false);
    const serving = aSnapshot({ split: { traffic: { blue: 90, [green]: 10 }, mirror: {} } });
    expect(deletesGreen(aState({ snapshot: serving, greenRequested: true }))).toBe(false);
  });
});
