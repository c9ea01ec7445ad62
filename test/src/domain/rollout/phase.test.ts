import { describe, expect, it } from 'vitest';
import { canMove, canRollBack, isFinal, isJudged, PHASES } from '../../../../src/domain/rollout/phase.ts';
import { moveState } from '../../../../src/domain/rollout/progress.ts';
import { aState, NOW } from '../a-policy.ts';

describe('phases', () => {
  it('make these moves and no other', () => {
    const moves = PHASES.map((from) => `${from}: ${PHASES.filter((to) => canMove(from, to)).join(' ')}`);
    expect(moves).toEqual([
      'queued: preparing rolling-back superseded ignored',
      'preparing: deploying rolling-back ignored',
      'deploying: smoke-testing rolling-back',
      'smoke-testing: mirroring awaiting-approval shifting promoting rolling-back',
      'mirroring: shadowing awaiting-approval promoting rolling-back',
      'shadowing: awaiting-approval shifting promoting rolling-back',
      'awaiting-approval: shifting promoting rolling-back',
      'shifting: awaiting-approval watching promoting rolling-back',
      'watching: awaiting-approval shifting promoting rolling-back',
      'promoting: baking retiring rolling-back',
      'baking: retiring rolling-back',
      'retiring: promoted',
      'rolling-back: rolled-back',
      'promoted: ',
      'rolled-back: ',
      'superseded: ',
      'ignored: ',
    ]);
  });

  it('are judged while green gets requests', () => {
    expect(PHASES.filter(isJudged)).toEqual(['shadowing', 'watching', 'baking']);
  });

  it('end in four ways', () => {
    expect(PHASES.filter(isFinal)).toEqual(['promoted', 'rolled-back', 'superseded', 'ignored']);
  });

  it('can be rolled back until blue is being removed', () => {
    const cannot = PHASES.filter((phase) => !isFinal(phase) && !canRollBack(phase));
    expect(cannot).toEqual(['retiring', 'rolling-back']);
  });

  it('all lead to an end', () => {
    const reaches = (phase: (typeof PHASES)[number], seen: readonly string[] = []): boolean =>
      isFinal(phase) ||
      PHASES.some((next) => canMove(phase, next) && !seen.includes(next) && reaches(next, [...seen, phase]));
    expect(PHASES.filter((phase) => !reaches(phase))).toEqual([]);
  });

  it('refuse a move that the table does not know', () => {
    expect(() => moveState(aState({ phase: 'retiring' }), 'rolling-back', 'late', {}, NOW)).toThrow(
      'Rollout rollout.flights.air-time.2.1 cannot move from retiring to rolling-back (late).',
    );
  });

  it.each([
    ['smoke-testing', 'mirroring', true],
    ['smoke-testing', 'shifting', true],
    ['smoke-testing', 'promoting', true],
    ['smoke-testing', 'rolling-back', false],
    ['smoke-testing', 'awaiting-approval', false],
  ] as const)('from %s to %s: traffic may have been written: %s', (from, to, trafficTouched) => {
    expect(moveState(aState({ phase: from }), to, 'next', {}, NOW).trafficTouched).toBe(trafficTouched);
  });

  it('once traffic may have been written, it stays so', () => {
    const state = aState({ phase: 'mirroring', trafficTouched: true });
    expect(moveState(state, 'rolling-back', 'bad', {}, NOW).trafficTouched).toBe(true);
  });

  it('are entered with their reason, and forget calls and failures of the phase before', () => {
    const state = aState({ phase: 'shadowing', alerted: 'late', failedTicks: 3 });
    const laterIso = '2026-03-01T13:00:00.000Z';
    expect(moveState(state, 'shifting', 'All good.', { stepIndex: 1, looks: 4 }, laterIso)).toEqual({
      ...state,
      stepIndex: 1,
      looks: 4,
      phase: 'shifting',
      trafficTouched: true,
      phaseSinceIso: laterIso,
      note: 'All good.',
      alerted: null,
      failedTicks: 0,
    });
  });
});
