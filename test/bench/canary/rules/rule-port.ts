/** What every rule of the comparison answers: the first look at which it would roll back. */
import type { Rollout } from '../generator/rollout.ts';

export interface RulePort {
  readonly name: string;
  readonly about: string;
  /** Index of the first look that rolls back, -1 for none; the rollout's warm-up buckets are not looked at. */
  firstRollback(rollout: Rollout): number;
}
