import { describe, expect, it } from 'vitest';
import { PHASES } from '../../../../src/domain/rollout/phase.ts';
import { FOREIGN_CHANGE_PAUSER, ruleOn, ruleOnApproval } from '../../../../src/domain/rollout/ruling.ts';
import { aPolicy, aSnapshot, aState, NOW } from '../a-policy.ts';

const by = 'ada';
const reason = 'because';
const snapshot = aSnapshot();
const approval = { approvalId: 'a1', weight: 50, deadlineIso: NOW };
const approve = { type: 'approve', approvalId: 'a1', token: 't', reason } as const;

describe('an abort', () => {
  it.each(PHASES)('in %s rolls back or is refused with the reason', (phase) => {
    const ruling = ruleOn(aState({ phase, snapshot }), { type: 'abort', by, reason }, NOW);
    const late = ['retiring', 'rolling-back', 'promoted', 'rolled-back', 'superseded', 'ignored'].includes(phase);
    expect(ruling.kind).toBe(late ? 'refused' : 'moved');
    if (ruling.kind === 'moved') {
      expect(ruling.progress).toMatchObject({
        to: 'rolling-back',
        patch: { rollback: { code: 'aborted', actor: by } },
      });
    }
  });
});

describe('pause and resume', () => {
  it('hold and release', () => {
    const paused = ruleOn(aState({ phase: 'watching', snapshot }), { type: 'pause', by, reason }, NOW);
    expect(paused).toMatchObject({ kind: 'changed', patch: { paused: { by, reason, sinceIso: NOW } } });
    const state = aState({ phase: 'watching', snapshot, paused: { by, reason, sinceIso: NOW } });
    expect(ruleOn(state, { type: 'resume', by, reason }, NOW)).toMatchObject({
      kind: 'changed',
      patch: { paused: null, foreignAccepted: false },
    });
  });

  it('resuming after a foreign change accepts it', () => {
    const state = aState({ phase: 'watching', snapshot, paused: { by: FOREIGN_CHANGE_PAUSER, reason, sinceIso: NOW } });
    expect(ruleOn(state, { type: 'resume', by, reason }, NOW)).toMatchObject({ patch: { foreignAccepted: true } });
  });

  it('twice is refused', () => {
    const state = aState({ phase: 'watching', paused: { by, reason, sinceIso: NOW } });
    expect(ruleOn(state, { type: 'pause', by, reason }, NOW).kind).toBe('refused');
    expect(ruleOn(aState({ phase: 'watching' }), { type: 'resume', by, reason }, NOW).kind).toBe('refused');
  });
});

describe('a promotion by hand', () => {
  it('skips the remaining steps', () => {
    const ruling = ruleOn(aState({ phase: 'watching', snapshot }), { type: 'promote', by, reason }, NOW);
    expect(ruling).toMatchObject({ kind: 'moved', progress: { to: 'promoting', patch: { stepIndex: 2 } } });
  });

  it('still asks where the policy wants an approval before 100 %', () => {
    const policy = aPolicy({ approval: { beforeWeights: [100], timeoutSeconds: 60 } });
    const ruling = ruleOn(aState({ phase: 'watching', snapshot, policy }), { type: 'promote', by, reason }, NOW);
    expect(ruling).toMatchObject({ kind: 'moved', progress: { to: 'awaiting-approval' } });
  });

  it.each(['queued', 'deploying', 'smoke-testing', 'awaiting-approval', 'baking'] as const)(
    'is refused in %s',
    (phase) => {
      expect(ruleOn(aState({ phase, snapshot }), { type: 'promote', by, reason }, NOW).kind).toBe('refused');
    },
  );
});

describe('an approval', () => {
  const waiting = aState({ phase: 'awaiting-approval', snapshot, stepIndex: 1, approval });

  it('with a valid token goes on with the step', () => {
    const ruling = ruleOnApproval(waiting, approve, { valid: true, by });
    expect(ruling).toMatchObject({ kind: 'moved', progress: { to: 'shifting', patch: { approval: null } } });
  });

  it('with an invalid token changes nothing', () => {
    expect(ruleOnApproval(waiting, approve, { valid: false, reason: 'forged' })).toEqual({
      kind: 'refused',
      reason: 'The approve is not accepted: forged',
    });
  });

  it('for another approval, or when none is waited for, changes nothing', () => {
    const other = ruleOnApproval(waiting, { ...approve, approvalId: 'a2' }, { valid: true, by });
    expect(other.kind).toBe('refused');
    expect(ruleOnApproval(aState({ phase: 'watching' }), approve, { valid: true, by }).kind).toBe('refused');
  });

  it('that declines rolls back', () => {
    const ruling = ruleOnApproval(waiting, { ...approve, type: 'decline' }, { valid: true, by });
    expect(ruling).toMatchObject({
      progress: { to: 'rolling-back', patch: { rollback: { code: 'approval-declined' } } },
    });
  });
});
