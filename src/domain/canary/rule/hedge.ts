/** Bounds what one bucket may take away from the assurance for green. */
import { logAdd } from './log-domain.ts';

const HELD_BACK = 0.1;

/**
 * ln(0.1 + 0.9 S): an e-value like S itself, never below 0.1. Without it a brown-out of both arms, in which blue is nothing
 * like its prediction, would cost more assurance than hours of health give back.
 */
export function hedged(logS: number): number {
  return logAdd(Math.log(HELD_BACK), Math.log(1 - HELD_BACK) + logS);
}
