import { describe, expect, it } from 'vitest';
import { type LookAnswer, outcomeOfLook as outcomeAt } from '../../../../src/domain/rollout/look-outcome.ts';
import type { Pause, RolloutState } from '../../../../src/domain/rollout/state.ts';
import { statusOf } from '../../../../src/domain/rollout/status.ts';
import { finalTags } from '../../../../src/domain/rollout/tags.ts';
import { aSnapshot, aState, NOW } from '../a-policy.ts';

const snapshot = aSnapshot();
const answer = { decision: 'next-step', sentence: 'All good.', verdicts: [], evidence: 'e' } as const;

const outcomeOfLook = (state: RolloutState, look: LookAnswer) => outcomeAt(state, look, NOW);

describe('the outcome of a look', () => {
  it('after a passed shadow goes to the first step', () => {
    expect(outcomeOfLook(aState({ phase: 'shadowing', snapshot }), answer)).toMatchObject({
      kind: 'move',
      to: 'shifting',
      decision: 'next-step',
      patch: { stepIndex: 0, looks: 1 },
    });
  });

  it('after a passed step asks a person where the policy says so', () => {
    const state = aState({ phase: 'watching', snapshot, stepIndex: 0 });
    expect(outcomeOfLook(state, answer)).toMatchObject({
      kind: 'move',
      to: 'awaiting-approval',
      patch: { stepIndex: 1 },
    });
  });

  it('after the last step promotes, after the bake retires blue', () => {
    expect(
      outcomeOfLook(aState({ phase: 'watching', snapshot, stepIndex: 1 }), { ...answer, decision: 'promote' }),
    ).toMatchObject({ to: 'promoting' });
    expect(
      outcomeOfLook(aState({ phase: 'baking', snapshot, stepIndex: 2 }), { ...answer, decision: 'promote' }),
    ).toMatchObject({ to: 'retiring' });
  });

  it('while paused stays, but a failure still rolls back', () => {
    const paused: Pause = { kind: 'operator', by: 'ada', reason: 'lunch', sinceIso: NOW };
    const state = aState({ phase: 'watching', snapshot, paused });
    expect(outcomeOfLook(state, answer).kind).toBe('stay');
    expect(outcomeOfLook(state, { ...answer, decision: 'rollback' })).toMatchObject({
      to: 'rolling-back',
      patch: { rollback: { code: 'canary-failed' } },
    });
  });

  it('a failure names the metrics that speak against green, and no others', () => {
    const verdicts = [
      { metric: 'errors', verdict: 'fail' },
      { metric: 'latency', verdict: 'inconclusive' },
    ] as const;
    const ended = outcomeOfLook(aState({ phase: 'watching', snapshot }), { ...answer, verdicts, decision: 'rollback' });
    expect(ended).toMatchObject({ patch: { rollback: { actor: 'judge', failedMetrics: ['errors'] } } });
  });

  it('an inconclusive canary calls a person and keeps its share', () => {
    expect(outcomeOfLook(aState({ phase: 'watching', snapshot }), { ...answer, decision: 'hold' }).kind).toBe(
      'call-operator',
    );
  });

  it('predictions that moved stand still until a person resumes, and are told once', () => {
    const moved = { ...answer, decision: 'hold', verdicts: [{ metric: 'predictions', verdict: 'fail' }] } as const;
    const state = aState({ phase: 'watching', snapshot });
    const held = outcomeOfLook(state, moved);
    expect(held).toMatchObject({
      kind: 'call-operator',
      patch: {
        paused: {
          kind: 'prediction-shift',
          by: 'slipway',
          sinceIso: NOW,
          reason: expect.stringContaining('Resume the rollout'),
        },
      },
    });
    const paused: Pause = { kind: 'prediction-shift', by: 'slipway', reason: 'moved', sinceIso: NOW };
    expect(outcomeOfLook({ ...state, paused }, moved).kind).toBe('stay');
  });

  it('names missing data as the cause', () => {
    const lost = { ...answer, decision: 'rollback', verdicts: [{ metric: 'errors', verdict: 'no-data' }] } as const;
    expect(outcomeOfLook(aState({ phase: 'watching', snapshot }), lost)).toMatchObject({
      patch: { rollback: { code: 'no-data' } },
    });
  });
});

describe('the custom status', () => {
  it('stays under 4 kB whatever the texts are', () => {
    const long = 'x'.repeat(50_000);
    const state = aState({
      note: long,
      paused: { kind: 'operator', by: long, reason: long, sinceIso: NOW },
      rollback: { code: 'aborted', reason: long, actor: long, failedMetrics: [] },
      snapshot,
    });
    expect(JSON.stringify(statusOf(state)).length * 2).toBeLessThanOrEqual(4096);
    expect(statusOf(state).phase).toBe('queued');
  });
});

describe('the final tags', () => {
  it.each([
    ['promoted', null, 'live'],
    ['rolled-back', 'canary-failed', 'rejected'],
    ['rolled-back', 'superseded', 'superseded'],
    ['superseded', null, 'superseded'],
  ] as const)('of %s (%s) say %s', (phase, code, status) => {
    const rollback = code === null ? null : { code, reason: 'r', actor: null, failedMetrics: [] };
    expect(finalTags(aState({ phase, rollback }))).toMatchObject({ 'slipway-status': status });
  });

  it('say nothing of an ignored version', () => {
    expect(finalTags(aState({ phase: 'ignored' }))).toBeNull();
  });
});
