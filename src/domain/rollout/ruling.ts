/** Rules on a command from the inbox: what it changes now, or why it is refused. */
import { ruleOnLatency } from '../alerts/rule-on-latency.ts';
import { assertNever } from '../assert-never.ts';
import type { RolloutCommand } from './command.ts';
import { canRollBack, isFinal, type Phase } from './phase.ts';
import { phaseAfterApproval, phaseOfStep } from './plan.ts';
import { move, type Progress, rollBack, type StatePatch } from './progress.ts';
import type { Pause, RolloutState } from './state.ts';

export type Ruling =
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'changed'; readonly reason: string; readonly patch: StatePatch }
  /** The rollout stands still, and a person is called. */
  | { readonly kind: 'held'; readonly reason: string; readonly patch: StatePatch }
  | { readonly kind: 'moved'; readonly progress: Extract<Progress, { kind: 'move' }> };

/** Proof of an approval command as the verifying activity found it. */
export type ApprovalProof =
  | { readonly valid: true; readonly by: string }
  | { readonly valid: false; readonly reason: string };

type DirectCommand = Extract<RolloutCommand, { by: string }>;
type ApprovalCommand = Exclude<RolloutCommand, DirectCommand>;

export function isApproval(command: RolloutCommand): command is ApprovalCommand {
  return command.type === 'approve' || command.type === 'decline';
}

/** Rules on everything but approvals. */
export function ruleOn(state: RolloutState, command: DirectCommand, nowIso: string): Ruling {
  switch (command.type) {
    case 'abort':
      return end(state, 'aborted', `Aborted by ${command.by}: ${command.reason}`, command.by);
    case 'supersede':
      return end(state, 'superseded', `Makes room for ${command.by}: ${command.reason}`, command.by);
    case 'pause':
      return pause(state, command, nowIso);
    case 'resume':
      return resume(state, command);
    case 'promote':
      return promote(state, command);
    case 'latency-alert':
      return alarm(state, command, nowIso);
    default:
      return assertNever(command);
  }
}

/** An answer counts only with a valid token, for the approval that is waited for, before its deadline. */
export function ruleOnApproval(state: RolloutState, command: ApprovalCommand, proof: ApprovalProof): Ruling {
  if (!proof.valid) return refused(`The ${command.type} is not accepted: ${proof.reason}`);
  if (state.phase !== 'awaiting-approval' || state.approval?.approvalId !== command.approvalId) {
    return refused(`Approval ${command.approvalId} is not waited for (the rollout is ${state.phase}).`);
  }
  if (command.type === 'decline') {
    return moved(rollBack('approval-declined', `Declined by ${proof.by}: ${command.reason}`, { actor: proof.by }));
  }
  const weight = state.approval.weight;
  const reason = `${proof.by} approved ${weight} %: ${command.reason}`;
  return moved(move(phaseAfterApproval(state.policy, state.stepIndex), reason, { approval: null }));
}

function end(state: RolloutState, code: 'aborted' | 'superseded', reason: string, actor: string): Ruling {
  if (canRollBack(state.phase)) return moved(rollBack(code, reason, { actor }));
  return refused(
    isFinal(state.phase) || state.phase === 'rolling-back'
      ? `The rollout is ${state.phase} already.`
      : 'Green serves everything and blue is being removed; roll out the earlier version instead.',
  );
}

function pause(state: RolloutState, command: DirectCommand, nowIso: string): Ruling {
  if (!canRollBack(state.phase)) return refused(`A rollout that is ${state.phase} cannot be paused.`);
  if (state.paused) return refused(`The rollout is paused by ${state.paused.by} already.`);
  const paused: Pause = { kind: 'operator', by: command.by, reason: command.reason, sinceIso: nowIso };
  return { kind: 'changed', reason: `Paused by ${command.by}: ${command.reason}`, patch: { paused } };
}

function resume(state: RolloutState, command: DirectCommand): Ruling {
  if (!state.paused) return refused('The rollout is not paused.');
  const foreignAccepted = state.paused.kind === 'foreign-change';
  const patch = { paused: null, foreignAccepted, shiftAccepted: acceptsShift(state) };
  return { kind: 'changed', reason: `Resumed by ${command.by}: ${command.reason}`, patch };
}

/** Where nothing can be rolled back any more, an alert is for people alone. */
function alarm(state: RolloutState, { alert, by }: Extract<DirectCommand, { alert: unknown }>, nowIso: string): Ruling {
  if (isFinal(state.phase) || state.phase === 'rolling-back') return refused(`The rollout is ${state.phase} already.`);
  const blue = state.snapshot?.blue ?? null;
  const { green, trafficSinceIso } = state;
  const verdict = ruleOnLatency(alert, { green, blue, trafficSinceIso });
  if (!canRollBack(state.phase)) return { kind: 'held', reason: verdict.reason, patch: {} };
  if (verdict.kind === 'roll-back') return moved(rollBack('latency-alert', verdict.reason, { actor: by }));
  // A rule fires once for each deployment: one call is enough.
  if (state.paused?.kind === 'latency-alert' && state.paused.by === by)
    return refused(`The rollout stands still because of ${by} already.`);
  const held: Pause = { kind: 'latency-alert', by, reason: verdict.reason, sinceIso: nowIso };
  const paused = state.paused ?? held;
  return { kind: 'held', reason: verdict.reason, patch: { paused } };
}

/** Phases from which an operator may go straight to the promotion; its approval, where asked for, still applies. */
const PROMOTABLE: readonly Phase[] = ['mirroring', 'shadowing', 'shifting', 'watching'];

function promote(state: RolloutState, command: DirectCommand): Ruling {
  if (!PROMOTABLE.includes(state.phase)) return refused(`A rollout that is ${state.phase} cannot be promoted by hand.`);
  const stepIndex = state.policy.steps.length;
  const reason = `Promotion asked for by ${command.by}: ${command.reason}`;
  const patch = { stepIndex, paused: null, shiftAccepted: acceptsShift(state) };
  return moved(move(phaseOfStep(state.policy, stepIndex), reason, patch));
}

/** Whoever lets a rollout go on that stands still because of a shift has seen the shift. */
function acceptsShift({ paused, shiftAccepted }: RolloutState): boolean {
  return shiftAccepted || paused?.kind === 'prediction-shift';
}

function refused(reason: string): Ruling {
  return { kind: 'refused', reason };
}

function moved(progress: Progress): Ruling {
  if (progress.kind !== 'move') throw new Error('A ruling can only move the rollout.');
  return { kind: 'moved', progress };
}
