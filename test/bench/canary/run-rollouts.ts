/** Makes rollouts of one scenario from a range of seeds and lets every rule judge each. */
import { makeRollout, type Rollout } from './generator/rollout.ts';
import { SCENARIOS } from './generator/scenarios.ts';
import { OTHER_RULES } from './rules/all-rules.ts';
import { judgeBySlipway } from './rules/slipway.ts';
import { addTallies, EMPTY_TALLY, type Tally } from './tally.ts';

export interface Task {
  readonly scenario: number;
  readonly fromSeed: number;
  readonly rollouts: number;
  /** False where only Slipway judges: more rollouts of the hardest scenario. */
  readonly allRules: boolean;
}

export type TalliesByRule = Readonly<Record<string, Tally>>;

export const SLIPWAY = 'Slipway .05';
export const SLIPWAY_STRICT = 'Slipway .01';

export function runRollouts(task: Task): TalliesByRule {
  const tallies: Record<string, Tally> = {};
  const add = (rule: string, tally: Tally) => {
    tallies[rule] = addTallies(tallies[rule] ?? EMPTY_TALLY, tally);
  };
  const scenario = SCENARIOS[task.scenario];
  if (!scenario) throw new Error(`There is no scenario ${task.scenario}.`);
  for (let seed = task.fromSeed; seed < task.fromSeed + task.rollouts; seed++) {
    const rollout = makeRollout(scenario, seed * 1000 + task.scenario);
    const { rollback, strict, promote } = judgeBySlipway(rollout);
    add(SLIPWAY, tallyOf(rollout, rollback, promote));
    add(SLIPWAY_STRICT, tallyOf(rollout, strict, -1));
    if (task.allRules)
      for (const rule of OTHER_RULES) add(rule.name, tallyOf(rollout, rule.firstRollback(rollout), -1));
  }
  return tallies;
}

function tallyOf(rollout: Rollout, rollback: number, promote: number): Tally {
  const { onset } = rollout.scenario;
  const detected = rollback >= onset;
  return {
    rollouts: 1,
    rolledBack: rollback >= 0 ? 1 : 0,
    tooEarly: rollback >= 0 && !detected ? 1 : 0,
    promoted: promote >= 0 ? 1 : 0,
    requestsToRollback: detected ? [requests(rollout, onset, rollback)] : [],
    requestsToPromotion: promote >= 0 ? [requests(rollout, 0, promote)] : [],
  };
}

function requests({ buckets }: Rollout, from: number, to: number): number {
  return buckets.slice(from, to + 1).reduce((sum, { green }) => sum + green.requests, 0);
}
