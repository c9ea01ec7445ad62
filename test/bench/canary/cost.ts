/** What one evaluation of the rule costs: time per look and size of its memory. */
import { judge } from '../../../src/domain/judge/judge.ts';
import { startJudge } from '../../../src/domain/judge/judge-state.ts';
import { NOTHING_READ } from '../../../src/domain/judge/reading/answers.ts';
import { DEFAULT_OPTIONS, DEFAULT_POLICY } from './default-options.ts';
import { makeRollout } from './generator/rollout.ts';
import { scenario } from './generator/scenario.ts';

export interface Cost {
  readonly medianMs: number;
  /** Of the slowest look. */
  readonly mostMs: number;
  readonly largestBytes: number;
}

const REPEATS = 20;
const STRETCH = { phase: 'watching', sinceMs: 0, dwellBuckets: 0, lastStep: true, blueServed: true } as const;
const LOOK = { policy: DEFAULT_POLICY, stretch: STRETCH, answers: NOTHING_READ, shiftAccepted: false };

/** All metrics, decision and sentence: of each look the median of some repeats, so that a busy machine does not count. */
export function measureCost(): Cost {
  const { history, buckets } = makeRollout(scenario({ name: 'cost', about: 'busy', n: 2000 }), 1);
  const times: number[][] = buckets.map(() => []);
  let largestBytes = 0;
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    let state = startJudge(STRETCH, { traffic: history, buckets: 120, designEffects: DEFAULT_OPTIONS.designEffects });
    for (const [look, bucket] of buckets.entries()) {
      const startedMs = performance.now();
      state = judge({ ...LOOK, buckets: [bucket] }, state).state;
      times[look]?.push(performance.now() - startedMs);
      largestBytes = Math.max(largestBytes, JSON.stringify({ traffic: state.traffic, metrics: state.metrics }).length);
    }
  }
  const perLook = times.map(median);
  return { medianMs: median(perLook), mostMs: Math.max(...perLook), largestBytes };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
