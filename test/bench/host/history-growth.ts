/** What one turn costs when its history is already so long. */
import type { EngineUnderTest } from './engine-under-test.ts';

const EVENTS_PER_ACTIVITY = 4;
export const LENGTHS = [10, 100, 1_000, 10_000] as const;

export interface TurnCost {
  readonly historyLength: number;
  /** Mean of a turn with its activity, over turns at about that length. */
  readonly turnMs: number;
}

export async function measureGrowth(engine: EngineUnderTest, longest: number): Promise<TurnCost[]> {
  const id = 'growing';
  const length = Math.ceil((longest * 1.03) / EVENTS_PER_ACTIVITY);
  const { status, body } = await engine.call('POST', `orchestrators/sequence/${id}`, { length });
  if (status !== 202) throw new Error(`The start was answered ${status}: ${body}`);
  await engine.host.whenIdle();
  const growth = engine.store.growth.get(id) ?? [];
  return LENGTHS.filter((historyLength) => historyLength <= longest).map((historyLength) => {
    const near = growth.filter((one) => one.length >= historyLength * 0.97 && one.length <= historyLength * 1.03 + 20);
    const [first, last] = [near[0], near.at(-1)];
    const turnMs = first && last ? (last.atMs - first.atMs) / (near.length - 1) : Number.NaN;
    return { historyLength, turnMs };
  });
}
