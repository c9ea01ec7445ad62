/** Buckets for tests of the judge: fixed counts, no randomness. */

import type { CanaryPolicy } from '../../../../src/domain/judge/canary-policy.ts';
import type { Decision } from '../../../../src/domain/judge/decision.ts';
import { judge } from '../../../../src/domain/judge/judge.ts';
import { type JudgeOptions, judgeOptions } from '../../../../src/domain/judge/judge-options.ts';
import {
  type JudgeMemory,
  type JudgeState,
  startJudge,
  startMemory,
} from '../../../../src/domain/judge/judge-state.ts';
import type { JudgedStretch } from '../../../../src/domain/judge/judged-stretch.ts';
import { NOTHING_READ } from '../../../../src/domain/judge/reading/answers.ts';
import type { ArmCounts, TrafficBucket } from '../../../../src/domain/judge/reading/traffic-bucket.ts';
import { stepTraffic } from '../../../../src/domain/judge/step-traffic.ts';
import { DEFAULT_POLICY } from '../../../bench/canary/default-options.ts';

export const MINUTE_MS = 60_000;
export const INDEPENDENT = { errors: 1, latency: 1, source: 'floor' } as const;
export const NO_WARM_UP_POLICY: CanaryPolicy = { ...DEFAULT_POLICY, warmUpBuckets: 0 };
export const NO_WARM_UP: JudgeOptions = judgeOptions(NO_WARM_UP_POLICY, INDEPENDENT);
export const LAST_STEP: JudgedStretch = {
  phase: 'watching',
  sinceMs: 0,
  dwellBuckets: 0,
  lastStep: true,
  blueServed: true,
};

/** A latency shape around bin `middle`: `requests` in nine bins with a thin tail. */
export function shapeOf(requests: number, middle = 44): Record<string, number> {
  const weights = [0.05, 0.1, 0.2, 0.3, 0.2, 0.1, 0.03, 0.015, 0.005];
  const latency: Record<string, number> = {};
  let left = requests;
  for (const [index, weight] of weights.entries()) {
    const count = index === 3 ? 0 : Math.min(left, Math.round(requests * weight));
    if (count > 0) latency[middle - 3 + index] = count;
    left -= count;
  }
  if (left > 0) latency[middle] = left;
  return latency;
}

export function arm(requests: number, errors: number, middle = 44): ArmCounts {
  return { requests, errors, latency: shapeOf(requests, middle) };
}

export const HISTORY = arm(12_000, 60);

export function bucket(minute: number, green: ArmCounts, blue: ArmCounts): TrafficBucket {
  return { startMs: minute * MINUTE_MS, green, blue };
}

export function run(
  buckets: readonly TrafficBucket[],
  options: JudgeOptions = NO_WARM_UP,
  history: ArmCounts = HISTORY,
): JudgeMemory {
  return buckets.reduce((memory, one) => stepTraffic(memory, one, options), startMemory(history));
}

export function repeat(minutes: number, green: ArmCounts, blue: ArmCounts): TrafficBucket[] {
  return Array.from({ length: minutes }, (_, minute) => bucket(minute, green, blue));
}

export function begun(
  history: ArmCounts = HISTORY,
  designEffects: JudgeOptions['designEffects'] = INDEPENDENT,
): JudgeState {
  return startJudge(LAST_STEP, { traffic: history, buckets: 120, designEffects });
}

/** The decision of the last of many looks at one bucket each: of the last step, its dwell over. */
export function decided(
  buckets: readonly TrafficBucket[],
  changes: Partial<CanaryPolicy> = {},
  state: JudgeState = begun(),
): Decision {
  const policy = { ...NO_WARM_UP_POLICY, ...changes };
  return judge({ policy, stretch: LAST_STEP, buckets, answers: NOTHING_READ, shiftAccepted: false }, state).decision;
}

export function failedMetrics({ verdicts }: Decision): string[] {
  return verdicts.filter(({ verdict }) => verdict === 'fail').map(({ metric }) => metric);
}
