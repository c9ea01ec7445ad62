/** What a latency alert leads to while no rollout runs on the endpoint. */

export type LatencyAction =
  | { readonly kind: 'notify' }
  | { readonly kind: 'retrain' }
  | { readonly kind: 'scale-out'; readonly maxInstanceCount: number };

/** The part of a policy that decides it. */
export interface AlertPolicy {
  readonly deployment: { readonly maxInstanceCount?: number | null };
  readonly retrain?: { readonly triggers: { readonly latencyAlert: LatencyAction['kind'] } } | null;
}

/** Without a limit nothing is scaled out: people are told instead. */
export function latencyActionOf({ deployment, retrain }: AlertPolicy): LatencyAction {
  const kind = retrain?.triggers.latencyAlert ?? 'notify';
  if (kind !== 'scale-out') return { kind };
  const { maxInstanceCount } = deployment;
  return maxInstanceCount ? { kind, maxInstanceCount } : { kind: 'notify' };
}
