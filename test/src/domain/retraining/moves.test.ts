/** The whole table of a retraining's moves: one more or one less is a change of behaviour. */
import { describe, expect, it } from 'vitest';
import { canMoveRetraining, RETRAINING_PHASES } from '../../../../src/domain/retraining/moves.ts';
import { RETRAINING_ENDS, type RetrainingState } from '../../../../src/domain/retraining/state.ts';

it('a retraining makes these moves and no other', () => {
  const moves = RETRAINING_PHASES.flatMap((from) => {
    const next = RETRAINING_PHASES.filter((to) => canMoveRetraining(from, to));
    return next.length === 0 ? [] : [`${from}: ${next.toSorted().join(' ')}`];
  });
  expect(moves).toEqual([
    'requested: confirming cooling-down ignored job-failed training validating waiting',
    'waiting: aborted confirming cooling-down ignored job-failed validating',
    'confirming: aborted job-failed not-confirmed validating',
    'validating: aborted data-refused ignored job-failed submitting',
    'submitting: canceling job-failed training',
    'training: canceling gating job-failed',
    'canceling: aborted gating job-failed',
    'gating: aborted gate-failed job-failed metrics-unreadable registering',
    'registering: job-failed registered',
  ]);
});

describe('the moves of a retraining', () => {
  const next = (phase: RetrainingState['phase']) => RETRAINING_PHASES.filter((to) => canMoveRetraining(phase, to));

  it('lead out of every phase but the ends, and reach every end from the start', () => {
    const reached = new Set<RetrainingState['phase']>(['requested']);
    for (const phase of reached) for (const to of next(phase)) reached.add(to);
    expect([...reached].sort()).toEqual([...RETRAINING_PHASES].sort());
    expect(RETRAINING_PHASES.filter((phase) => next(phase).length === 0).sort()).toEqual([...RETRAINING_ENDS].sort());
  });

  it('never leave a job behind that may run: an abort goes over its cancellation', () => {
    for (const phase of ['submitting', 'training'] as const) expect(next(phase)).not.toContain('aborted');
  });

  it('register nothing that did not pass the gate', () => {
    expect(RETRAINING_PHASES.filter((phase) => canMoveRetraining(phase, 'registering'))).toEqual(['gating']);
    expect(RETRAINING_PHASES.filter((phase) => canMoveRetraining(phase, 'registered'))).toEqual(['registering']);
  });
});
