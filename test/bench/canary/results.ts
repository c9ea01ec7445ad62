/** The tallies of all scenarios and rules, and what is read from them. */
import { DEFAULT_OPTIONS } from './default-options.ts';
import { SCENARIOS } from './generator/scenarios.ts';
import { leastRequestsInLooks, type Margins } from './limits.ts';
import { SLIPWAY, type TalliesByRule } from './run-rollouts.ts';
import { EMPTY_TALLY, medianOfAll, type Tally } from './tally.ts';

/** By index of the scenario. */
export type Results = readonly TalliesByRule[];

export const MARGINS: Margins = {
  errors: DEFAULT_OPTIONS.settings.errors.margin,
  latencyBins: DEFAULT_OPTIONS.settings.latency.marginBins,
};

export function tallyOf(results: Results, scenario: number, rule: string): Tally {
  return results[scenario]?.[rule] ?? EMPTY_TALLY;
}

/** Slipway's median green requests to rollback over the least possible, in whole looks; null where half are not found. */
export function detectionRatio(results: Results, index: number): number | null {
  const scenario = SCENARIOS[index];
  if (!scenario) return null;
  const { requestsToRollback, rollouts } = tallyOf(results, index, SLIPWAY);
  const median = medianOfAll(requestsToRollback, rollouts);
  return median === null ? null : median / leastRequestsInLooks(scenario, MARGINS);
}
