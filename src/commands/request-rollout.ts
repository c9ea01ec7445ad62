/** Starts the rollout that somebody asked for by naming the model and the version, however the request came in. */
import type { ModelVersion, RolloutId } from '../domain/ids/names.ts';
import type { Policies } from '../domain/policy/policies.ts';
import type { RolloutCause } from '../domain/rollout/state.ts';
import type { OrchestrationControl } from '../ports/orchestration-control.ts';
import { startRollout } from './start-rollout.ts';

export interface WantedRollout {
  readonly model: string;
  readonly version: string;
  /** Needed only where several policies name the model. */
  readonly endpoint?: string | undefined;
}

export type RequestAnswer =
  | { readonly ok: true; readonly rolloutId: RolloutId; readonly started: boolean }
  | { readonly ok: false; readonly code: 'NoPolicy' | 'SeveralPolicies'; readonly reason: string };

/** The first attempt of the version; asking again starts nothing. */
export async function requestRollout(
  control: OrchestrationControl,
  policies: Policies,
  { model, version, endpoint }: WantedRollout,
  { cause, nowMs }: { readonly cause: RolloutCause; readonly nowMs: number },
): Promise<RequestAnswer> {
  const meant = policies.meantBy({ model, endpoint });
  if (meant.kind === 'none') {
    const where = endpoint ? ` and endpoint ${endpoint}` : '';
    return { ok: false, code: 'NoPolicy', reason: `No policy names model ${model}${where}.` };
  }
  if (meant.kind === 'several') {
    const reason = `${meant.count} policies name ${model}: say which endpoint.`;
    return { ok: false, code: 'SeveralPolicies', reason };
  }
  const request = { policy: meant.policy, version: version as ModelVersion, attempt: 1, cause, nowMs };
  return { ok: true, ...(await startRollout(control, request)) };
}
