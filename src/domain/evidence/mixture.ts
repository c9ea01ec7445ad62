/**
 * An e-process over alternatives and over the bucket at which the change began.
 *
 * 1. Healthy time before a change is no debt to be paid back: Shiryaev-Roberts with a prior over the start (Shin,
 *    Ramdas & Rinaldo, "E-detectors", 2023).
 * 2. Past the horizon, and only while nothing speaks for a change, the mixture may begin anew with a fresh alpha.
 */
import { LOG_ZERO, logAdd, logWeightedSum, storedLog } from './log-domain.ts';

/** Prior of the start: `first` on the first bucket, the rest in equal parts on the others up to the horizon. */
export interface StartPrior {
  readonly first: number;
  readonly horizonBuckets: number;
}

export interface Mixture {
  /** Buckets judged since the mixture last began. */
  readonly buckets: number;
  /** ln M of every alternative. */
  readonly logs: readonly number[];
}

/** A part of E that is rounding. */
const ROUNDING = 1e-6;
const HELD_BACK = 0.1;

export function startMixture(alternatives: number): Mixture {
  return { buckets: 0, logs: new Array<number>(alternatives).fill(LOG_ZERO) };
}

/** Takes in ln S of every alternative in one bucket: M_k = S_k * (M_{k-1} + w_k). */
export function mix({ buckets, logs }: Mixture, bucket: readonly number[], prior: StartPrior): Mixture {
  const now = buckets + 1;
  const weight = startWeight(prior, now);
  return { buckets: now, logs: logs.map((log, index) => storedLog(mixStart(log, bucket[index] ?? 0, weight))) };
}

/** `mix` for a stream with a horizon of its own: it begins anew where it may. */
export function mixOn(
  mixture: Mixture,
  bucket: readonly number[],
  weights: readonly number[],
  prior: StartPrior,
): Mixture {
  const isOver = mayBeginAnew(prior, mixture.buckets, () => logOfMixture(mixture, weights, prior));
  return mix(isOver ? beginAnew(mixture) : mixture, bucket, prior);
}

/** ln E: the weighted average over all alternatives, plus the weight of starts that are still to come. */
export function logOfMixture({ buckets, logs }: Mixture, weights: readonly number[], prior: StartPrior): number {
  return logAdd(logWeightedSum(weights, logs), logUnspentWeight(prior, buckets));
}

/** Whether the horizon is over and nothing speaks for a change. */
export function mayBeginAnew(prior: StartPrior, buckets: number, logEvidence: () => number): boolean {
  return buckets >= prior.horizonBuckets && logEvidence() <= ROUNDING;
}

export function beginAnew({ logs }: Mixture): Mixture {
  return startMixture(logs.length);
}

/** Prior weight of a start at this bucket; buckets count from 1. */
function startWeight(prior: StartPrior, bucket: number): number {
  if (bucket === 1) return prior.horizonBuckets > 1 ? prior.first : 1;
  return bucket <= prior.horizonBuckets ? (1 - prior.first) / (prior.horizonBuckets - 1) : 0;
}

/** ln of the prior weight that is still unspent after this bucket. */
function logUnspentWeight(prior: StartPrior, bucket: number): number {
  if (bucket >= prior.horizonBuckets) return LOG_ZERO;
  if (bucket === 0) return 0;
  return Math.log(((1 - prior.first) * (prior.horizonBuckets - bucket)) / (prior.horizonBuckets - 1));
}

function mixStart(logM: number, logEvidence: number, weight: number): number {
  return logEvidence + (weight > 0 ? logAdd(logM, Math.log(weight)) : logM);
}

/**
 * ln(0.1 + 0.9 S): an e-value like S itself, never below 0.1.
 *
 * It bounds what one bucket may take away. Without it one bucket that is nothing like its prediction would cost more
 * than hours give back.
 */
export function hedged(logS: number): number {
  return logAdd(Math.log(HELD_BACK), Math.log(1 - HELD_BACK) + logS);
}
