/** Spreads all scenarios over worker threads; the result does not depend on their number or order. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
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
const MOST_THREADS = 8;

/** Tallies by scenario and rule; `progress` hears the share that is done. */
export async function runLaboratory(
  repetitions: Repetitions,
  progress: (share: number) => void,
): Promise<readonly TalliesByRule[]> {
  const tasks = tasksOf(repetitions);
  const results: Record<string, Tally>[] = SCENARIOS.map(() => ({}));
  let next = 0;
  let done = 0;
  const threads = Math.min(MOST_THREADS, availableParallelism(), tasks.length);
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url));
      let current: Task | undefined;
      const takeNext = () => {
        current = tasks[next++];
        if (current) worker.postMessage(current);
        else worker.terminate().then(() => resolve(), reject);
      };
      worker.on('error', reject);
      worker.on('message', (tallies: TalliesByRule) => {
        merge(results[current?.scenario ?? 0] ?? {}, tallies);
        progress(++done / tasks.length);
        takeNext();
      });
      takeNext();
    });
  await Promise.all(Array.from({ length: threads }, work));
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
