/** Spreads all scenarios over worker threads; the result does not depend on their number or order. */
import { spreadTasks } from '../laboratory/spread-tasks.ts';
import { SCENARIOS } from './generator/scenarios.ts';
import type { TalliesByRule, Task } from './run-rollouts.ts';
import { addTallies, EMPTY_TALLY, type Tally } from './tally.ts';

export interface Repetitions {
  readonly harmless: number;
  readonly others: number;
  /** Slipway alone on the scenario exactly at the margins, the hardest to leave alone. */
  readonly hardest: number;
}

export const HARDEST = 'A9';

const CHUNK = 50;

/** Tallies by scenario and rule; `progress` hears the share that is done. */
export async function runLaboratory(
  repetitions: Repetitions,
  progress: (share: number) => void,
): Promise<readonly TalliesByRule[]> {
  const results: Record<string, Tally>[] = SCENARIOS.map(() => ({}));
  await spreadTasks<Task, TalliesByRule>({
    worker: new URL('./worker.ts', import.meta.url),
    tasks: tasksOf(repetitions),
    take: ({ scenario }, tallies) => merge(results[scenario] ?? {}, tallies),
    progress,
  });
  return results;
}

function tasksOf({ harmless, others, hardest }: Repetitions): Task[] {
  return SCENARIOS.flatMap(({ name, expected }, scenario) => {
    const compared = expected === 'rollback' ? others : harmless;
    const rollouts = name === HARDEST ? Math.max(compared, hardest) : compared;
    return [
      ...chunksOf(scenario, 0, compared).map((chunk) => ({ ...chunk, allRules: true })),
      ...chunksOf(scenario, compared, rollouts).map((chunk) => ({ ...chunk, allRules: false })),
    ];
  });
}

function chunksOf(scenario: number, from: number, to: number): Omit<Task, 'allRules'>[] {
  return Array.from({ length: Math.ceil((to - from) / CHUNK) }, (_, chunk) => {
    const first = from + chunk * CHUNK;
    return { scenario, fromSeed: 1 + first, rollouts: Math.min(CHUNK, to - first) };
  });
}

function merge(into: Record<string, Tally>, tallies: TalliesByRule): void {
  for (const [rule, tally] of Object.entries(tallies)) into[rule] = addTallies(into[rule] ?? EMPTY_TALLY, tally);
}
