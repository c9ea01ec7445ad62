/** Rates of the data quality signal: nulls are counted first and count as good afterwards (they are imputed), 5 decimals. */
import type { Cell } from '../data/table.ts';

export function nullValueRate(production: readonly Cell[]): number {
  return rate(production, (value) => value === null);
}

/** Share of values that cannot be read as the reference's type. */
export function dataTypeErrorRate(reference: readonly Cell[], production: readonly Cell[]): number {
  const present = reference.filter((value) => value !== null);
  if (present.every((value) => typeof value === 'number')) return rate(production, (value) => !isNumeric(value));
  if (present.every((value) => typeof value === 'boolean')) {
    return rate(production, (value) => value !== null && !/^(true|false)$/i.test(String(value)));
  }
  return 0;
}

/** Share of numbers outside the reference's range, or of values that the reference does not have. */
export function outOfBoundsRate(reference: readonly Cell[], production: readonly Cell[], isNumerical: boolean): number {
  if (!isNumerical) {
    const known = new Set(reference);
    return rate(production, (value) => value !== null && !known.has(value));
  }
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of reference) {
    if (typeof value !== 'number') continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return rate(production, (value) => typeof value === 'number' && (value < low || value > high));
}

function isNumeric(value: Cell): boolean {
  if (typeof value === 'string') return value.trim() !== '' && Number.isFinite(Number(value));
  return true;
}

function rate(values: readonly Cell[], isBad: (value: Cell) => boolean): number {
  if (values.length === 0) return 0;
  return Math.round((values.filter(isBad).length / values.length) * 1e5) / 1e5;
}
