/** What the whole rule would have done in one given rollout, and its evidence after every minute. */
import { combineEvidence } from '../../domain/canary/rule/combined-evidence.ts';
import { decideKind, decideRule } from '../../domain/canary/rule/decide-rule.ts';
import type { RuleOptions } from '../../domain/canary/rule/rule-options.ts';
import { type RuleState, startRule } from '../../domain/canary/rule/rule-state.ts';
import { stepRule } from '../../domain/canary/rule/step-rule.ts';
import type { TrafficBucket } from '../../domain/canary/traffic-buckets.ts';
import type { RolloutLine } from './rollout-line.ts';

const MINUTE_MS = 60_000;

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
export function judgeLine(line: RolloutLine, given: RuleOptions): JudgedLine {
  const options: RuleOptions = {
    ...given,
    designEffects: { errors: Math.max(1, line.phi ?? 1), latency: Math.max(1, line.phiL ?? 1), source: 'given' },
  };
  let state = startRule({ traffic: { requests: line.histN, errors: line.histErr, latency: line.histLat } });
  let rollback = -1;
  let promote = -1;
  let guilty: readonly string[] = [];
  const logE = bucketsOf(line).map((bucket, minute) => {
    state = stepped(state, bucket, options, minute);
    const kind = decideKind(state, options);
    if (kind === 'rollback' && rollback < 0) {
      rollback = minute;
      guilty = decideRule(state, options).guilty;
    }
    if (kind === 'promote' && rollback < 0 && promote < 0) promote = minute;
    return Math.round(combineEvidence(state, options).log * 1e6) / 1e6;
  });
  return { rep: line.rep, rollback, promote, logE, guilty };
}

function stepped(state: RuleState, bucket: TrafficBucket, options: RuleOptions, minute: number): RuleState {
  try {
    return stepRule(state, bucket, options);
  } catch (error) {
    throw new RangeError(`minutes.${minute}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function bucketsOf({ minutes }: RolloutLine): TrafficBucket[] {
  return minutes.map(([nC, xC, nB, xB, latencyC, latencyB], minute) => ({
    startMs: minute * MINUTE_MS,
    green: { requests: nC, errors: xC, latency: latencyC },
    blue: { requests: nB, errors: xB, latency: latencyB },
  }));
}
