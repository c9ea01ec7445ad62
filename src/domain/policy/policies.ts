/**
 * The only way to find a policy. Nobody else holds a list of them, so no place can look for the wrong thing.
 *
 * 1. A policy governs one model on one endpoint: at most one policy per pair, which the configuration has checked.
 * 2. A model alone, or an endpoint alone, may have several policies.
 */
import type { EndpointName } from '../ids/names.ts';
import type { RolloutPolicy } from './policy.ts';
import type { RetrainingPolicy } from './retraining-policy.ts';

/** A policy that says how its model is retrained. */
export type RetrainedPolicy = RolloutPolicy & { readonly retrain: RetrainingPolicy };

/** What may be a reason to retrain: a signal of a model monitor, or a blob that was written. */
export type RetrainingSignal =
  | { readonly kind: 'monitor'; readonly name: string }
  | { readonly kind: 'blob'; readonly container: string; readonly name: string };

/** What a person or a program says when it means a policy; the endpoint is needed only where there are several. */
export interface PolicyHint {
  readonly model: string;
  readonly endpoint?: string | undefined;
}

export type Meant<Policy extends RolloutPolicy> =
  | { readonly kind: 'one'; readonly policy: Policy }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly count: number };

export interface Policies {
  /** For work that is done for every policy, in the order of their files. */
  all(): readonly RolloutPolicy[];
  retrained(): readonly RetrainedPolicy[];
  /** Each endpoint once. */
  endpoints(): readonly EndpointName[];
  ofModel(model: string): readonly RolloutPolicy[];
  ofEndpoint(endpoint: string): readonly RolloutPolicy[];
  /** The policy of this model on this endpoint; null when there is none. */
  governing(endpoint: string, model: string): RolloutPolicy | null;
  meantBy(hint: PolicyHint): Meant<RolloutPolicy>;
  /** Like meantBy, among the policies that retrain. */
  retrainedMeantBy(hint: PolicyHint): Meant<RetrainedPolicy>;
  /** Policies that retrain on this signal. */
  watching(signal: RetrainingSignal): readonly RetrainedPolicy[];
}

export function createPolicies(given: readonly RolloutPolicy[]): Policies {
  const all = Object.freeze([...given]);
  const retrained = Object.freeze(all.filter(isRetrained));
  return Object.freeze({
    all: () => all,
    retrained: () => retrained,
    endpoints: () => [...new Set(all.map(({ endpoint }) => endpoint))],
    ofModel: (model: string) => all.filter((policy) => policy.model === model),
    ofEndpoint: (endpoint: string) => all.filter((policy) => policy.endpoint === endpoint),
    governing: (endpoint: string, model: string) =>
      all.find((policy) => policy.endpoint === endpoint && policy.model === model) ?? null,
    meantBy: (hint: PolicyHint) => meantBy(all, hint),
    retrainedMeantBy: (hint: PolicyHint) => meantBy(retrained, hint),
    watching: (signal: RetrainingSignal) => retrained.filter(({ retrain }) => isWatching(retrain, signal)),
  });
}

export function isRetrained(policy: RolloutPolicy): policy is RetrainedPolicy {
  return policy.retrain !== null;
}

function meantBy<Policy extends RolloutPolicy>(known: readonly Policy[], hint: PolicyHint): Meant<Policy> {
  const { model, endpoint } = hint;
  const fitting = known.filter((policy) => policy.model === model && (!endpoint || policy.endpoint === endpoint));
  const [policy] = fitting;
  if (!policy) return { kind: 'none' };
  return fitting.length === 1 ? { kind: 'one', policy } : { kind: 'several', count: fitting.length };
}

/** The signals of a model monitor are named `<monitor>_<signal>`. */
function isWatching({ triggers }: RetrainingPolicy, signal: RetrainingSignal): boolean {
  if (signal.kind === 'monitor') {
    const monitor = triggers.drift?.monitor;
    return monitor !== undefined && (signal.name === monitor || signal.name.startsWith(`${monitor}_`));
  }
  const watched = triggers.newData;
  return watched?.container === signal.container && signal.name.startsWith(watched.prefix);
}
