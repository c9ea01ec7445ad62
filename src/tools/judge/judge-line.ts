/** What the whole rule would have done in one given rollout, and its evidence after every minute. */
import { decide } from '../../domain/judge/decide.ts';
import type { JudgeOptions } from '../../domain/judge/judge-options.ts';
import { type JudgeMemory, startMemory } from '../../domain/judge/judge-state.ts';
import { checkBucket } from '../../domain/judge/reading/checked-bucket.ts';
import type { TrafficBucket } from '../../domain/judge/reading/traffic-bucket.ts';
import { stepTraffic } from '../../domain/judge/step-traffic.ts';
import { askedMetrics, guiltyMetrics } from '../../domain/judge/weigh-evidence.ts';
import type { LineOptions } from './judge-arguments.ts';
import type { RolloutLine } from './rollout-line.ts';

const MINUTE_MS = 60_000;
/** Minutes in a row in which an arm is silent until nothing is promoted, and until lost telemetry rolls back. */
const SILENT_UNTIL_HELD = 3;
const SILENT_UNTIL_LOST = 6;

export interface JudgedLine {
  readonly rep: number | string;
  /** First minute of rollback, from 0; -1 for none. */
  readonly rollback: number;
  /** First minute of promotion, if that comes before any rollback; judging goes on after it. */
  readonly promote: number;
  readonly logE: readonly number[];
  readonly guilty: readonly string[];
}

/** Throws where a minute's counts cannot be true. */
export function judgeLine(line: RolloutLine, { warmUpMinutes, rollsBackWhenLost, judging }: LineOptions): JudgedLine {
  const effects = {
    errors: Math.max(1, line.phi ?? 1),
    latency: Math.max(1, line.phiL ?? 1),
    source: 'given',
  } as const;
  const options = { ...judging, designEffects: effects };
  let memory = startMemory({ requests: line.histN, errors: line.histErr, latency: line.histLat });
  let rollback = -1;
  let promote = -1;
  let guilty: readonly string[] = [];
  const logE = bucketsOf(line).map((bucket, minute) => {
    memory = stepped(memory, bucket, options, minute < warmUpMinutes);
    const situation = { lastStep: true, dwellOver: true, judgedBuckets: memory.traffic.buckets };
    const { kind, evidence } = decide(memory, options, situation);
    const isLost = rollsBackWhenLost && memory.traffic.silence.greenWhileBlueServed >= SILENT_UNTIL_LOST;
    if (rollback < 0 && (kind === 'rollback' || isLost)) {
      rollback = minute;
      guilty = guiltyMetrics(evidence, askedMetrics(memory.metrics, options), options.alpha);
    }
    if (kind === 'promote' && !isHeld(memory) && rollback < 0 && promote < 0) promote = minute;
    return Math.round(evidence.log * 1e6) / 1e6;
  });
  return { rep: line.rep, rollback, promote, logE, guilty };
}

/** Minutes of the warm-up are checked, and nothing else is made of them. */
function stepped(memory: JudgeMemory, bucket: TrafficBucket, options: JudgeOptions, isWarmUp: boolean): JudgeMemory {
  try {
    if (!isWarmUp) return stepTraffic(memory, bucket, options);
    checkBucket(bucket);
    return memory;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new RangeError(`minutes.${bucket.startMs / MINUTE_MS}: ${problem}`);
  }
}

function isHeld({ traffic: { silence } }: JudgeMemory): boolean {
  return Math.max(silence.green, silence.blue) >= SILENT_UNTIL_HELD;
}

function bucketsOf({ minutes }: RolloutLine): TrafficBucket[] {
  return minutes.map(([nC, xC, nB, xB, latencyC, latencyB], minute) => ({
    startMs: minute * MINUTE_MS,
    green: { requests: nC, errors: xC, latency: latencyC },
    blue: { requests: nB, errors: xB, latency: latencyB },
  }));
}
