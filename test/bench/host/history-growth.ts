/** What one turn costs when its history is already so long. */
import type { EngineUnderTest } from './engine-under-test.ts';

const EVENTS_PER_PARALLEL_ACTIVITY = 2;
const STEPS = 8;

export interface TurnCost {
  /** Events in the history halfway through the measured turns. */
  readonly historyLength: number;
  /** Mean of a turn with its activity. */
  readonly turnMs: number;
}

/** A fan-out makes the history long, then a chain of activities is timed on top of it. */
export async function measureGrowth(engine: EngineUnderTest, lengths: readonly number[]): Promise<TurnCost[]> {
  const costs: TurnCost[] = [];
  for (const length of lengths) {
    const id = `grown-${length}`;
    const bulk = Math.max(0, Math.floor(length / EVENTS_PER_PARALLEL_ACTIVITY) - STEPS);
    const { status, body } = await engine.call('POST', `orchestrators/grown/${id}`, { bulk, steps: STEPS });
    if (status !== 202) throw new Error(`The start was answered ${status}: ${body}`);
    await engine.host.whenIdle();
    const turns = engine.store.growth.get(id)?.slice(-STEPS - 1) ?? [];
    const [first, last, middle] = [turns[0], turns.at(-1), turns[STEPS / 2]];
    if (!first || !last || !middle) throw new Error(`${id} did not take the turns that were expected.`);
    costs.push({ historyLength: middle.length, turnMs: (last.atMs - first.atMs) / STEPS });
  }
  return costs;
}
