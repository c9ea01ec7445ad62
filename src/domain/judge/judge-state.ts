/** The judge's memory between two looks: plain JSON, the same for the same buckets. */

import type { JudgedStretch } from './judged-stretch.ts';
import { ANSWERS_METRICS, METRICS, type MetricStates, TRAFFIC_METRICS } from './metrics/all-metrics.ts';
import { NO_BUCKET_MS, type TrafficNow } from './metrics/metric.ts';
import { type FailureCounts, NO_FAILURES } from './no-success.ts';
import type { BaselineHistory, DesignEffects } from './reading/baseline-history.ts';
import { startBlueMemory } from './reading/blue-memory.ts';
import { type ArmCounts, NO_REQUESTS } from './reading/traffic-bucket.ts';
import { NO_SILENCE, type Silence } from './silence.ts';

/** What is kept of traffic and of every metric, for the whole rollout: also when the traffic's share changes. */
export interface JudgeMemory {
  readonly traffic: TrafficMemory;
  readonly metrics: MetricStates;
}

/** Of all buckets that were judged; at most 8 kB together with the metrics on traffic. */
export interface TrafficMemory extends TrafficNow {
  /** Start of the last bucket taken in. */
  readonly lastStartMs: number;
  readonly warmUpBuckets: number;
  /** Buckets judged since the evidence last began. */
  readonly buckets: number;
  readonly seen: { readonly green: Failed; readonly blue: Failed };
  readonly silence: Silence;
  readonly failures: FailureCounts;
}

type Failed = Pick<ArmCounts, 'errors' | 'requests'>;

export interface JudgeState extends JudgeMemory {
  readonly stretchSinceMs: number;
  /** Start of the first stretch, epoch milliseconds. */
  readonly sinceMs: number;
  /** Buckets judged in the present stretch; those of the warm-up are not among them. */
  readonly buckets: number;
  /** Both arms in the present stretch, for people: the evidence does not read them. */
  readonly green: ArmCounts;
  readonly blue: ArmCounts;
  /** Fixed before the first bucket, so that no bucket judges itself. */
  readonly designEffects: DesignEffects;
  /** Buckets that were judged before the evidence last began. */
  readonly earlierBuckets: number;
  readonly answers: AnswersMemory;
}

export interface AnswersMemory {
  /** End of the last bucket of answers taken in, by metric; 0 before the first. */
  readonly untilMs: Readonly<Record<string, number>>;
  /** When both arms answered live requests, which alone can have outcomes of some measures. */
  readonly live: LiveTime;
}

export interface LiveTime {
  readonly fromMs: number | null;
  /** Null while it lasts. */
  readonly untilMs: number | null;
}

const NOT_LIVE: LiveTime = { fromMs: null, untilMs: null };
const NOTHING: Failed = { errors: 0, requests: 0 };

/** `history`: blue before the canary; all zero where nothing is known. */
export function startMemory(history: ArmCounts): JudgeMemory {
  const states = METRICS.map((metric) => [
    metric.name,
    TRAFFIC_METRICS.includes(metric) ? metric.start(history) : null,
  ]);
  return {
    traffic: {
      lastStartMs: NO_BUCKET_MS,
      warmUpBuckets: 0,
      buckets: 0,
      known: startBlueMemory(history),
      lastMix: { green: 0, blue: 0 },
      seen: { green: NOTHING, blue: NOTHING },
      silence: { ...NO_SILENCE, blueSeen: history.requests > 0 },
      failures: NO_FAILURES,
    },
    metrics: Object.fromEntries(states),
  };
}

export function startJudge(stretch: JudgedStretch, { traffic, designEffects }: BaselineHistory): JudgeState {
  return {
    ...startMemory(traffic),
    stretchSinceMs: stretch.sinceMs,
    sinceMs: stretch.sinceMs,
    buckets: 0,
    green: NO_REQUESTS,
    blue: NO_REQUESTS,
    designEffects,
    earlierBuckets: 0,
    answers: {
      untilMs: Object.fromEntries(ANSWERS_METRICS.map(({ name }) => [name, 0])),
      live: liveTimeIn(NOT_LIVE, stretch),
    },
  };
}

/** A new stretch has its own dwell and its own numbers for people. */
export function enterStretch(state: JudgeState, stretch: JudgedStretch): JudgeState {
  if (state.stretchSinceMs === stretch.sinceMs) return state;
  const answers = { ...state.answers, live: liveTimeIn(state.answers.live, stretch) };
  return { ...state, answers, stretchSinceMs: stretch.sinceMs, buckets: 0, green: NO_REQUESTS, blue: NO_REQUESTS };
}

/** End of the last bucket of traffic taken in; 0 before the first. */
export function judgedUntilMs({ traffic: { lastStartMs } }: JudgeMemory, bucketMs: number): number {
  return lastStartMs === NO_BUCKET_MS ? 0 : lastStartMs + bucketMs;
}

/** Green serves from the first live step on, blue until green serves everything. */
function liveTimeIn(live: LiveTime, { phase, sinceMs }: JudgedStretch): LiveTime {
  if (phase === 'watching' && live.fromMs === null) return { fromMs: sinceMs, untilMs: null };
  if (phase === 'baking' && live.untilMs === null) return { ...live, untilMs: sinceMs };
  return live;
}

export function isLive({ fromMs, untilMs }: LiveTime, startMs: number, bucketMs: number): boolean {
  return fromMs !== null && startMs >= fromMs && (untilMs === null || startMs + bucketMs <= untilMs);
}
