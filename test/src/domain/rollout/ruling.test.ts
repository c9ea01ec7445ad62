import { describe, expect, it } from 'vitest';
import type { DeploymentName, EndpointName } from '../../../../src/domain/ids/names.ts';
import { PHASES } from '../../../../src/domain/rollout/phase.ts';
import { ruleOn, ruleOnApproval } from '../../../../src/domain/rollout/ruling.ts';
import type { Pause } from '../../../../src/domain/rollout/state.ts';
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

describe('a latency alert', () => {
  const trafficSinceIso = '2026-03-01T11:50:00.000Z';
  const alertOf = (green: string, values: { green: number; blue: number }) => ({
    type: 'latency-alert' as const,
    by: 'ep-p95',
    reason,
    alert: {
      rule: 'ep-p95',
      endpoint: 'flights' as EndpointName,
      metric: 'RequestLatency_P95' as const,
      operator: 'GreaterThan' as const,
      thresholdMs: 250,
      firedAtIso: NOW,
      readings: [
        { deployment: green as DeploymentName, value: values.green },
        { deployment: 'blue' as DeploymentName, value: values.blue },
      ],
    },
  });

  it.each(PHASES)('about green alone in %s rolls back where that is possible', (phase) => {
    const state = aState({ phase, snapshot, trafficSinceIso });
    const ruling = ruleOn(state, alertOf(state.green, { green: 412, blue: 80 }), NOW);
    const ended = ['rolling-back', 'promoted', 'rolled-back', 'superseded', 'ignored'].includes(phase);
    expect(ruling.kind).toBe(ended ? 'refused' : phase === 'retiring' ? 'held' : 'moved');
    if (ruling.kind === 'moved') {
      expect(ruling.progress).toMatchObject({
        to: 'rolling-back',
        patch: { rollback: { code: 'latency-alert', actor: 'ep-p95' } },
      });
    }
  });

  it('about both holds the rollout; somebody else who paused it before stays the one who did', () => {
    const state = aState({ phase: 'watching', snapshot, trafficSinceIso });
    const alert = alertOf(state.green, { green: 412, blue: 400 });
    expect(ruleOn(state, alert, NOW)).toMatchObject({
      kind: 'held',
      patch: { paused: { kind: 'latency-alert', by: 'ep-p95', sinceIso: NOW } },
    });
    const paused: Pause = { kind: 'operator', by, reason, sinceIso: trafficSinceIso };
    expect(ruleOn({ ...state, paused }, alert, NOW)).toMatchObject({ kind: 'held', patch: { paused } });
  });

  it('of a rule that holds the rollout already calls nobody again; about green alone it still rolls back', () => {
    const paused: Pause = { kind: 'latency-alert', by: 'ep-p95', reason, sinceIso: NOW };
    const state = aState({ phase: 'watching', snapshot, trafficSinceIso, paused });
    expect(ruleOn(state, alertOf(state.green, { green: 412, blue: 400 }), NOW).kind).toBe('refused');
    expect(ruleOn(state, alertOf(state.green, { green: 412, blue: 80 }), NOW).kind).toBe('moved');
  });
});

describe('pause and resume', () => {
  it('hold and release', () => {
    const paused = ruleOn(aState({ phase: 'watching', snapshot }), { type: 'pause', by, reason }, NOW);
    expect(paused).toMatchObject({
      kind: 'changed',
      patch: { paused: { kind: 'operator', by, reason, sinceIso: NOW } },
    });
    const state = aState({ phase: 'watching', snapshot, paused: { kind: 'operator', by, reason, sinceIso: NOW } });
    expect(ruleOn(state, { type: 'resume', by, reason }, NOW)).toMatchObject({
      kind: 'changed',
      patch: { paused: null, foreignAccepted: false, shiftAccepted: false },
    });
  });

  it('resuming after a pause by a person accepts no foreign change, whatever name that person has', () => {
    const names = ['slipway', 'slipway:foreign-change', 'slipway:predictions'];
    for (const name of names) {
      const paused: Pause = { kind: 'operator', by: name, reason, sinceIso: NOW };
      expect(
        ruleOn(aState({ phase: 'watching', snapshot, paused }), { type: 'resume', by, reason }, NOW),
      ).toMatchObject({
        patch: { foreignAccepted: false, shiftAccepted: false },
      });
    }
  });

  it('resuming after a foreign change accepts it', () => {
    const state = aState({
      phase: 'watching',
      snapshot,
      paused: { kind: 'foreign-change', by: 'slipway', reason, sinceIso: NOW },
    });
    expect(ruleOn(state, { type: 'resume', by, reason }, NOW)).toMatchObject({ patch: { foreignAccepted: true } });
  });

  it.each(['resume', 'promote'] as const)('a %s after predictions that moved accepts them for good', (type) => {
    const state = aState({
      phase: 'watching',
      snapshot,
      paused: { kind: 'prediction-shift', by: 'slipway', reason, sinceIso: NOW },
    });
    const ruling = ruleOn(state, { type, by, reason }, NOW);
    const patch = ruling.kind === 'moved' ? ruling.progress.patch : 'patch' in ruling && ruling.patch;
    expect(patch).toMatchObject({ paused: null, shiftAccepted: true });
    const later = aState({
      phase: 'watching',
      shiftAccepted: true,
      paused: { kind: 'operator', by, reason, sinceIso: NOW },
    });
    expect(ruleOn(later, { type: 'resume', by, reason }, NOW)).toMatchObject({ patch: { shiftAccepted: true } });
  });

  it('twice is refused', () => {
    const state = aState({ phase: 'watching', paused: { kind: 'operator', by, reason, sinceIso: NOW } });
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
