/** What is remembered of a categorical column: a count per category, up to a bound; plain JSON, mergeable in any order. */
import { addCounts, isMissing } from './numeric-summary.ts';

/** A column with more distinct values is an identifier or free text: no distribution that could drift. */
export const MAX_CATEGORIES = 1000;
/** Longer categories are cut: two that agree so far are one. */
const MAX_CHARACTERS = 200;

export interface CategoricalSummary {
  readonly kind: 'categorical';
  /** Values that are not missing. */
  readonly count: number;
  readonly missing: number;
  /** Null when there were too many categories. */
  readonly counts: Readonly<Record<string, number>> | null;
}

export const EMPTY_CATEGORICAL: CategoricalSummary = { kind: 'categorical', count: 0, missing: 0, counts: {} };

export interface CategoricalCollector {
  add(value: unknown): void;
  summary(): CategoricalSummary;
}

export function collectCategorical(): CategoricalCollector {
  let [count, missing] = [0, 0];
  let counts: Map<string, number> | null = new Map();
  return {
    add(value) {
      if (isMissing(value)) {
        missing += 1;
        return;
      }
      count += 1;
      if (!counts) return;
      const category = (typeof value === 'string' ? value : String(JSON.stringify(value))).slice(0, MAX_CHARACTERS);
      counts.set(category, (counts.get(category) ?? 0) + 1);
      if (counts.size > MAX_CATEGORIES) counts = null;
    },
    summary: () => ({ kind: 'categorical', count, missing, counts: counts && Object.fromEntries(counts) }),
  };
}

export function mergeCategorical(a: CategoricalSummary, b: CategoricalSummary): CategoricalSummary {
  const counts = a.counts && b.counts ? addCounts(a.counts, b.counts) : null;
  return {
    kind: 'categorical',
    count: a.count + b.count,
    missing: a.missing + b.missing,
    counts: counts && Object.keys(counts).length <= MAX_CATEGORIES ? counts : null,
  };
}
