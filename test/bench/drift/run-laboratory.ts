/** Spreads the experiments over worker threads; the result does not depend on their number or order. */
import { spreadTasks } from '../laboratory/spread-tasks.ts';
import { DEVIATION } from './deviation.ts';
import { type Experiment, joinResults, NO_RESULT, type Result } from './experiment.ts';
import { MANY_FEATURES } from './many-features.ts';
import { SINGLE_COLUMNS } from './single-columns.ts';

export const EXPERIMENTS: readonly Experiment[] = [...SINGLE_COLUMNS, ...MANY_FEATURES, ...DEVIATION];

export interface Task {
  readonly experiment: number;
  readonly fromSeed: number;
  readonly repetitions: number;
}

export type Results = ReadonlyMap<Experiment, Result>;

const CHUNKS = 20;
const LEAST_REPETITIONS = 4;

/** One result per experiment; `progress` hears the share that is done. */
export async function runLaboratory(repetitions: number, progress: (share: number) => void): Promise<Results> {
  const results = new Map<Experiment, Result>();
  await spreadTasks<Task, Result>({
    worker: new URL('./worker.ts', import.meta.url),
    tasks: tasksOf(repetitions),
    take(task, result) {
      const experiment = EXPERIMENTS[task.experiment];
      if (!experiment) return;
      results.set(experiment, joinResults(results.get(experiment) ?? NO_RESULT, result, experiment.joinedBy));
    },
    progress,
  });
  return results;
}

function tasksOf(repetitions: number): Task[] {
  return EXPERIMENTS.flatMap(({ effort }, experiment) => {
    const wanted = Math.max(LEAST_REPETITIONS, Math.round(effort * repetitions));
    const size = Math.ceil(wanted / CHUNKS);
    return Array.from({ length: Math.ceil(wanted / size) }, (_, chunk) => ({
      experiment,
      fromSeed: 1 + chunk * size,
      repetitions: Math.min(size, wanted - chunk * size),
    }));
  });
}
