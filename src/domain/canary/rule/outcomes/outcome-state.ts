/**
 * What is remembered of outcomes between two looks: small plain JSON with a clock of its own, because outcomes are known
 * long after the requests.
 */

import { LOG_ZERO } from '../log-domain.ts';
import { OUTCOME_LOSSES } from './outcome-losses.ts';
import { startMemory } from './value-memory.ts';

/** Values of one arm: how many, their sum and the sum of their squares; those of several buckets add up. */
export interface ValueSums {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

export interface ValuesOfArms {
  readonly green: ValueSums;
  readonly blue: ValueSums;
}

/** Outcomes of all requests that were answered in one bucket. */
export interface OutcomeBucket extends ValuesOfArms {
  /** Start, epoch milliseconds. */
  readonly startMs: number;
}

export interface OutcomeState {
  /** Start of the last bucket taken in; -1 before the first. */
  readonly lastStartMs: number;
  /** Buckets judged since the evidence last began. */
  readonly looks: number;
  /** Buckets in which both arms had outcomes. */
  readonly judged: number;
  /** Earlier values, the latest counting most. */
  readonly memory: ValuesOfArms;
  /** ln M of every loss (OUTCOME_LOSSES). */
  readonly evidence: readonly number[];
  readonly assurance: number;
  readonly seen: ValuesOfArms;
}

export const NO_VALUES: ValueSums = { count: 0, sum: 0, squares: 0 };

export function addValues(a: ValueSums, b: ValueSums): ValueSums {
  return { count: a.count + b.count, sum: a.sum + b.sum, squares: a.squares + b.squares };
}

/** `history`: blue's outcomes before the first bucket; NO_VALUES where none are known. */
export function startOutcomes(history: ValueSums): OutcomeState {
  return {
    lastStartMs: -1,
    looks: 0,
    judged: 0,
    memory: { green: NO_VALUES, blue: startMemory(history) },
    evidence: OUTCOME_LOSSES.map(() => LOG_ZERO),
    assurance: 0,
    seen: { green: NO_VALUES, blue: NO_VALUES },
  };
}
