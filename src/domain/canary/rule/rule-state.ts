/** The rule's memory between two looks: plain JSON of at most 8 kB, the same for the same buckets. */

import type { ArmCounts } from '../traffic-buckets.ts';
import { type BaseRate, startBaseRate } from './base-rate.ts';
import { EXTRA_ERRORS } from './error-alternatives.ts';
import { startShape } from './latency/baseline-shape.ts';
import { SLOW_DOWNS } from './latency/latency-alternatives.ts';
import { denseCounts } from './latency/latency-bins.ts';
import { LOG_ZERO } from './log-domain.ts';
import { type OutcomeState, startOutcomes, type ValueSums } from './outcomes/outcome-state.ts';
import { TOGETHER } from './together-alternatives.ts';

/** Blue before the canary; all zero where nothing is known. */
export interface RuleHistory {
  readonly traffic: ArmCounts;
  /** Null or left out where the policy has no outcomes. */
  readonly outcomes?: ValueSums | null;
}

/** ln M of every alternative of every metric (start-mixing.ts). */
export interface LogEvidence {
  readonly errors: readonly number[];
  readonly latency: readonly number[];
  /** Errors and latency at once (together-alternatives.ts). */
  readonly together: readonly number[];
}

/** ln of the promotion e-processes. */
export interface LogAssurance {
  readonly errors: number;
  /** One per watched quantile, at the edges of blue's steady shape. */
  readonly latency: readonly number[];
  /** The same at the edges of its recent shape. */
  readonly recentLatency: readonly number[];
}

/** What the guards without statistics have seen. */
export interface GuardState {
  /** Buckets in a row without green's requests, and how many of those had requests of blue. */
  readonly silentLooks: number;
  readonly silentWhileBlueServed: number;
  /** Buckets in a row in which blue alone was silent. */
  readonly blueSilentLooks: number;
  /** Green's requests since its last success, and blue's successes in the same buckets. */
  readonly failedInARow: number;
  readonly blueSuccesses: number;
}

export interface RuleState {
  readonly version: 1;
  /** Start of the last bucket taken in; -1 before the first. */
  readonly lastStartMs: number;
  readonly warmUps: number;
  readonly looks: number;
  readonly base: BaseRate;
  /** Decaying latency counts of blue. */
  readonly shape: readonly number[];
  /** The same of its last buckets. */
  readonly recentShape: readonly number[];
  readonly evidence: LogEvidence;
  readonly assurance: LogAssurance;
  readonly seen: { readonly green: BaseRate; readonly blue: BaseRate };
  /** Requests of the last bucket in which both arms had some. */
  readonly lastMix: { readonly green: number; readonly blue: number };
  readonly guard: GuardState;
  /** Of the outcomes, which have buckets of its own (step-outcomes.ts); null where none is judged. */
  readonly outcomes: OutcomeState | null;
}

const NOTHING: BaseRate = { errors: 0, requests: 0 };

export function startRule(history: RuleHistory): RuleState {
  const latency = denseCounts(history.traffic.latency);
  const none = (count: number) => new Array<number>(count).fill(LOG_ZERO);
  return {
    version: 1,
    lastStartMs: -1,
    warmUps: 0,
    looks: 0,
    base: startBaseRate(history.traffic),
    shape: startShape(latency, 'steady'),
    recentShape: startShape(latency, 'recent'),
    evidence: {
      errors: none(EXTRA_ERRORS.length),
      latency: none(SLOW_DOWNS.length),
      together: none(TOGETHER.length),
    },
    assurance: { errors: 0, latency: [0, 0, 0], recentLatency: [0, 0, 0] },
    seen: { green: NOTHING, blue: NOTHING },
    lastMix: { green: 0, blue: 0 },
    guard: { silentLooks: 0, silentWhileBlueServed: 0, blueSilentLooks: 0, failedInARow: 0, blueSuccesses: 0 },
    outcomes: history.outcomes ? startOutcomes(history.outcomes) : null,
  };
}
