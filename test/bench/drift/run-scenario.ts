/** Counts alarms of every rule over repetitions of one scenario. */
import { RULES, type RuleName, summaryOf, verdictsOf } from './rules.ts';
import { drawSamples, SCENARIOS } from './scenarios.ts';

export interface Task {
  readonly scenario: number;
  readonly fromSeed: number;
  readonly repetitions: number;
}

export interface Tally {
  readonly scenario: number;
  readonly repetitions: number;
  readonly falseAlarms: Readonly<Record<RuleName, number>>;
  readonly detections: Readonly<Record<RuleName, number>>;
}

export function runScenario({ scenario, fromSeed, repetitions }: Task): Tally {
  const chosen = SCENARIOS[scenario];
  if (!chosen) throw new RangeError(`There is no scenario ${scenario}.`);
  const falseAlarms = none();
  const detections = none();
  for (let seed = fromSeed; seed < fromSeed + repetitions; seed += 1) {
    const { reference, current, moved } = drawSamples(chosen, seed);
    const before = summaryOf(reference);
    count(falseAlarms, verdictsOf(before, summaryOf(current)));
    count(detections, verdictsOf(before, summaryOf(moved)));
  }
  return { scenario, repetitions, falseAlarms, detections };
}

function none(): Record<RuleName, number> {
  return Object.fromEntries(RULES.map((rule) => [rule, 0])) as Record<RuleName, number>;
}

function count(into: Record<RuleName, number>, verdicts: Readonly<Record<RuleName, boolean>>): void {
  for (const rule of RULES) if (verdicts[rule]) into[rule] += 1;
}

export function addTallies(a: Tally | undefined, b: Tally): Tally {
  if (!a) return b;
  const add = (x: Tally['falseAlarms'], y: Tally['falseAlarms']) => {
    const sum = none();
    for (const rule of RULES) sum[rule] = x[rule] + y[rule];
    return sum;
  };
  return {
    scenario: a.scenario,
    repetitions: a.repetitions + b.repetitions,
    falseAlarms: add(a.falseAlarms, b.falseAlarms),
    detections: add(a.detections, b.detections),
  };
}
