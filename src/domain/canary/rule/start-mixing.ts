/**
 * Mixes over the look at which a regression began, so that healthy time before it is no debt to be paid back
 * (Shiryaev-Roberts with a prior: Shin, Ramdas & Rinaldo, "E-detectors", 2023).
 */
import { LOG_ZERO, logAdd } from './log-domain.ts';

/** Prior of the start: `first` on the first look, the rest in equal parts on the other looks up to the horizon. */
export interface StartPrior {
  readonly first: number;
  readonly horizonLooks: number;
}

/** Prior weight of a start at this look; looks count from 1. */
export function startWeight(prior: StartPrior, look: number): number {
  if (look === 1) return prior.horizonLooks > 1 ? prior.first : 1;
  return look <= prior.horizonLooks ? (1 - prior.first) / (prior.horizonLooks - 1) : 0;
}

/** ln of the prior weight that is still unspent after this look. */
export function logUnspentWeight(prior: StartPrior, look: number): number {
  if (look >= prior.horizonLooks) return LOG_ZERO;
  if (look === 0) return 0;
  return Math.log(((1 - prior.first) * (prior.horizonLooks - look)) / (prior.horizonLooks - 1));
}

/** A part of E that is rounding. */
const ROUNDING = 1e-6;

/** Whether the horizon is over and nothing speaks against green, so that the evidence may begin anew with a fresh alpha. */
export function mayBeginAnew(prior: StartPrior, looks: number, logEvidence: number): boolean {
  return looks >= prior.horizonLooks && logEvidence <= ROUNDING;
}

/** ln M after a look: M_k = S_k * (M_{k-1} + w_k). The e-process is M_k plus the unspent weight. */
export function mixStart(logM: number, logEvidence: number, weight: number): number {
  return logEvidence + (weight > 0 ? logAdd(logM, Math.log(weight)) : logM);
}
