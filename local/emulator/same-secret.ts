/** Compares a secret that a caller sent with the right one, without telling by its duration how much was right. */
import { createHash, timingSafeEqual } from 'node:crypto';

export function sameSecret(given: unknown, right: string): boolean {
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(right));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
