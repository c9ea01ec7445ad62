/** Where a rollout goes next: the split that each phase wants, and the order of steps and approvals. */
import type { DeploymentName } from '../ids/names.ts';
import type { RolloutPolicy } from '../policy/policy.ts';
import type { Phase } from './phase.ts';
import type { RolloutState } from './state.ts';
import { blueOf, normalizeTraffic, splitForWeight, type TrafficSplit } from './traffic-split.ts';

/** Weight of step `index`; past the last step it is the promotion. */
export function weightOf(policy: RolloutPolicy, index: number): number {
  return policy.steps[index]?.weight ?? 100;
}

/** The phase that begins step `index`: an approval where the policy asks for one, else the traffic change. */
export function phaseOfStep(policy: RolloutPolicy, index: number): Phase {
  if (policy.approval?.beforeWeights.includes(weightOf(policy, index))) return 'awaiting-approval';
  return phaseAfterApproval(policy, index);
}

export function phaseAfterApproval(policy: RolloutPolicy, index: number): Phase {
  return index < policy.steps.length ? 'shifting' : 'promoting';
}

/** After the smoke test: shadow and steps need something to compare with; an endpoint without traffic is promoted at once. */
export function phaseAfterSmokeTest(state: RolloutState): { readonly to: Phase; readonly stepIndex: number } {
  const last = state.policy.steps.length;
  if (state.snapshot?.blue == null) return { to: phaseOfStep(state.policy, last), stepIndex: last };
  if (state.policy.shadow) return { to: 'mirroring', stepIndex: 0 };
  return { to: phaseOfStep(state.policy, 0), stepIndex: 0 };
}

/** Once the split of a phase that moves traffic is read back. Without blue there is nothing to compare with: no bake. */
export function phaseAfterShift(state: RolloutState): Phase {
  if (state.phase === 'mirroring') return 'shadowing';
  if (state.phase === 'shifting') return 'watching';
  return state.snapshot?.blue == null ? 'retiring' : 'baking';
}

/** The split that should be in place in the state's phase; null before the endpoint was read. */
export function intendedSplit(state: RolloutState): TrafficSplit | null {
  const { snapshot, policy, green } = state;
  if (snapshot === null) return null;
  switch (state.phase) {
    case 'mirroring':
    case 'shadowing':
      return shadowSplit(state);
    case 'shifting':
    case 'watching':
      return { traffic: splitForWeight(snapshot.split.traffic, green, weightOf(policy, state.stepIndex)), mirror: {} };
    case 'awaiting-approval':
      return beforeStep(state);
    case 'promoting':
    case 'baking':
      return bakeSplit(state);
    case 'retiring':
    case 'promoted':
      return { traffic: { [green]: 100 }, mirror: {} };
    default:
      return snapshot.split;
  }
}

/** Every split that this rollout may have put in place; anything else is somebody else's change. */
export function ownSplits(state: RolloutState): readonly TrafficSplit[] {
  const { snapshot, policy, green } = state;
  if (snapshot === null) return [];
  const steps = [...policy.steps.map(({ weight }) => weight), 100].map((weight) => ({
    traffic: splitForWeight(snapshot.split.traffic, green, weight),
    mirror: {},
  }));
  return [snapshot.split, shadowSplit(state) ?? snapshot.split, ...steps, bakeSplit(state)];
}

/** Deployments of the snapshot that no longer serve once green has everything. */
export function retiredDeployments(state: RolloutState): readonly DeploymentName[] {
  if (state.snapshot === null || state.policy.keep.blue === 'keep') return [];
  const names = Object.keys(normalizeTraffic(state.snapshot.split.traffic)) as DeploymentName[];
  return names.filter((name) => name !== state.green);
}

/** Green may be deleted after a rollback unless the policy keeps it or it served before the rollout. */
export function deletesGreen(state: RolloutState): boolean {
  if (!state.greenRequested || state.policy.keep.rejectedGreen === 'keep') return false;
  const split = state.snapshot?.split;
  return !split?.traffic[state.green] && !split?.mirror[state.green];
}

function beforeStep(state: RolloutState): TrafficSplit | null {
  const { snapshot, policy, green, stepIndex } = state;
  if (snapshot === null) return null;
  if (snapshot.blue === null) return snapshot.split;
  // A promotion asked for by an operator may skip steps, so what is in place is what was last read back.
  if (state.liveWeight > 0)
    return { traffic: splitForWeight(snapshot.split.traffic, green, state.liveWeight), mirror: {} };
  return policy.shadow && stepIndex >= 0 && state.trafficSinceIso ? shadowSplit(state) : snapshot.split;
}

/**
 * Green serves everything. Where the policy has a shadow, blue gets copies of the live requests: it stays warm, and green
 * is compared with blue in the same minutes, not with blue as it was before.
 */
function bakeSplit({ snapshot, policy, green }: RolloutState): TrafficSplit {
  const blue = snapshot?.blue;
  const mirror = policy.shadow && blue && blue !== green ? { [blue]: policy.shadow.mirrorPercent } : {};
  return { traffic: { [green]: 100 }, mirror };
}

/** Whether blue gets copies of live requests during the bake. */
export function hasMirrorInBake(state: RolloutState): boolean {
  return Object.keys(bakeSplit(state).mirror).length > 0;
}

function shadowSplit(state: RolloutState): TrafficSplit | null {
  if (state.snapshot === null) return null;
  const mirrorPercent = state.policy.shadow?.mirrorPercent;
  if (mirrorPercent === undefined || blueOf(state.snapshot.split.traffic) === null) return state.snapshot.split;
  return { traffic: state.snapshot.split.traffic, mirror: { [state.green]: mirrorPercent } };
}
