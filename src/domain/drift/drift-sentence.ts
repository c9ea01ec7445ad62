/** Says in a sentence what moved, from where to where, and how sure that is. */
import type { FeatureSummary } from './dataset-summary.ts';
import type { DriftOptions, DriftVerdict, FeatureDrift } from './drift-report.ts';
import { type NumericSummary, weightedValues } from './numeric-summary.ts';

const NAMED = 3;

export function featureSentence(
  feature: string,
  verdict: DriftVerdict,
  before: FeatureSummary,
  now: FeatureSummary,
  index: number | null,
  adjustedP: number | null,
): string {
  if (verdict === 'no-data') return `${feature} cannot be compared: ${whyNot(before, now)}.`;
  const sure = `stability index ${number(index ?? 0)}, ${chance(adjustedP ?? 1)}`;
  if (verdict === 'stable') return `${feature} has not moved (${sure}).`;
  return `${feature} has moved (${sure})${[movedValues(before, now), movedMissing(before, now)]
    .filter(Boolean)
    .map((text) => `; ${text}`)
    .join('')}.`;
}

export function reportSentence(
  verdict: DriftVerdict,
  features: readonly FeatureDrift[],
  rows: { readonly referenceRows: number; readonly currentRows: number },
  { minRows }: DriftOptions,
): string {
  const compared = `${rows.currentRows} rows against ${rows.referenceRows} of the reference`;
  if (verdict === 'stable') return `No feature has moved: ${compared}.`;
  if (verdict === 'no-data') return `Nothing could be compared: ${compared}; each side needs ${minRows}.`;
  const moved = features.filter((feature) => feature.verdict === 'drifted');
  const named = moved.slice(0, NAMED).map(({ feature }) => feature);
  const more = moved.length > NAMED ? ` and ${moved.length - NAMED} more` : '';
  return `${moved.length} of ${features.length} features have moved: ${named.join(', ')}${more} (${compared}).`;
}

function whyNot(before: FeatureSummary, now: FeatureSummary): string {
  if (before.count === 0) return 'the reference has no value of it';
  const isTooMany = (summary: FeatureSummary) => summary.kind === 'categorical' && summary.counts === null;
  if (isTooMany(before) || isTooMany(now)) return 'it has too many different values for a category';
  return 'there are too few rows';
}

function movedValues(before: FeatureSummary, now: FeatureSummary): string {
  if (now.count === 0) return 'no row has a value any more';
  if (before.kind === 'numerical' && now.kind === 'numerical') {
    return `its median went from ${number(median(before))} to ${number(median(now))}`;
  }
  if (before.kind !== 'categorical' || now.kind !== 'categorical') return '';
  const [category, from, to] = largestChange(before.counts ?? {}, now.counts ?? {}, before.count, now.count);
  return `the share of "${category}" went from ${percent(from)} to ${percent(to)}`;
}

function largestChange(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
  ofBefore: number,
  ofNow: number,
): readonly [string, number, number] {
  const [left, right] = [new Map(Object.entries(before)), new Map(Object.entries(now))];
  const changes = [...new Set([...left.keys(), ...right.keys()])].map((category) => {
    return [category, (left.get(category) ?? 0) / ofBefore, (right.get(category) ?? 0) / ofNow] as const;
  });
  return changes.sort((a, b) => Math.abs(b[2] - b[1]) - Math.abs(a[2] - a[1]))[0] ?? ['', 0, 0];
}

function movedMissing(before: FeatureSummary, now: FeatureSummary): string {
  const share = ({ missing, count }: FeatureSummary) => missing / Math.max(1, missing + count);
  const [from, to] = [share(before), share(now)];
  return Math.abs(to - from) < 0.01 ? '' : `missing values went from ${percent(from)} to ${percent(to)}`;
}

function median(summary: NumericSummary): number {
  let seen = 0;
  for (const { value, count } of weightedValues(summary)) {
    seen += count;
    if (seen * 2 >= summary.count) return value;
  }
  return 0;
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  return `${number(100 * share)} %`;
}

function chance(p: number): string {
  return p < 1e-9 ? 'no chance that this is luck' : `p = ${number(p)}`;
}
