import { describe, expect, it } from 'vitest';
import { canMove, canRollBack, isFinal, PHASES } from '../../../../src/domain/rollout/phase.ts';
import { moveState } from '../../../../src/domain/rollout/progress.ts';
import { aState, NOW } from '../a-policy.ts';

describe('phases', () => {
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
      /cannot move from retiring/,
    );
  });

  it('remember that traffic may have been written', () => {
    const moved = moveState(aState({ phase: 'smoke-testing' }), 'mirroring', 'next', {}, NOW);
    expect(moved.trafficTouched).toBe(true);
  });
});
