/** Spreads all scenarios of outcomes and predictions over worker threads; the result does not depend on their number or order. */
import { spreadTasks } from '../../laboratory/spread-tasks.ts';
import { createRandom } from '../generator/random.ts';
import { addTallies, EMPTY_TALLY, type Tally } from '../tally.ts';
import { ANSWER_SCENARIOS } from './answer-scenario.ts';
import { judgeAnswers } from './judge-answers.ts';

export interface AnswersTask {
  readonly scenario: number;
  readonly fromSeed: number;
  readonly rollouts: number;
}

export interface AnswersRepetitions {
  readonly harmless: number;
  readonly others: number;
}

const CHUNK = 50;
/** Apart from the streams of the traffic. */
const STREAM = 2;

/** Tallies by index of ANSWER_SCENARIOS; `progress` hears the share that is done. */
export async function runAnswers(
  { harmless, others }: AnswersRepetitions,
  progress: (share: number) => void,
): Promise<readonly Tally[]> {
  const results = ANSWER_SCENARIOS.map(() => EMPTY_TALLY);
  await spreadTasks<AnswersTask, Tally>({
    worker: new URL('./answers-worker.ts', import.meta.url),
    tasks: ANSWER_SCENARIOS.flatMap(({ expected }, scenario) =>
      chunksOf(scenario, expected === 'harmless' ? harmless : others),
    ),
    take: ({ scenario }, tally) => {
      results[scenario] = addTallies(results[scenario] ?? EMPTY_TALLY, tally);
    },
    progress,
  });
  return results;
}

/** Rollout r of scenario s has the seed 1000 r + s. */
export function tallyAnswers({ scenario: index, fromSeed, rollouts }: AnswersTask): Tally {
  const scenario = ANSWER_SCENARIOS[index];
  if (!scenario) throw new Error(`There is no scenario ${index}.`);
  let tally = EMPTY_TALLY;
  for (let seed = fromSeed; seed < fromSeed + rollouts; seed++) {
    const { found, assured } = judgeAnswers(scenario, createRandom(1000 * seed + index, STREAM));
    const detected = found >= scenario.onset;
    tally = addTallies(tally, {
      rollouts: 1,
      rolledBack: found >= 0 ? 1 : 0,
      tooEarly: found >= 0 && !detected ? 1 : 0,
      promoted: assured >= 0 ? 1 : 0,
      requestsToRollback: detected ? [(found - scenario.onset + 1) * scenario.green] : [],
      requestsToPromotion: assured >= 0 ? [(assured + 1) * scenario.green] : [],
    });
  }
  return tally;
}

function chunksOf(scenario: number, rollouts: number): AnswersTask[] {
  return Array.from({ length: Math.ceil(rollouts / CHUNK) }, (_, chunk) => ({
    scenario,
    fromSeed: 1 + chunk * CHUNK,
    rollouts: Math.min(CHUNK, rollouts - chunk * CHUNK),
  }));
}
