/**
 * Decides which features of the current data have drifted from the reference. A feature has drifted when its calibrated
 * index is surely no chance (adjusted p-value at most `level`) and large enough to matter (`leastIndex`).
 * Azure's own numbers stand beside the decision and do not take part in it: their fixed thresholds raise false alarms on
 * small samples and miss heavy tails on large ones.
 */
import { adjustedPValues } from '../statistics/benjamini-hochberg.ts';
import { azureCategoricalMetrics } from './azure-categorical.ts';
import { azureNumericMetrics } from './azure-numeric.ts';
import { calibratedIndex } from './calibrated-index.ts';
import type { DatasetSummary, FeatureSummary } from './dataset-summary.ts';
import { categoricalCells, numericCells } from './drift-cells.ts';
import { DRIFT_DEFAULTS, type DriftOptions, type DriftReport, type FeatureDrift } from './drift-report.ts';
import { featureSentence, reportSentence } from './drift-sentence.ts';

/** Both summaries must have the same features of the same kinds; throws a RangeError otherwise. */
export function compareDatasets(
  reference: DatasetSummary,
  current: DatasetSummary,
  options: Partial<DriftOptions> = {},
): DriftReport {
  const limits = checkedLimits({ ...DRIFT_DEFAULTS, ...options });
  const pairs = Object.entries(reference.features).map(([feature, before]) => {
    return { feature, before, now: sameKind(feature, before, current.features[feature]) };
  });
  const isEnough = Math.min(reference.rows, current.rows) >= Math.max(1, limits.minRows);
  const measured = pairs.map((pair) => ({ ...pair, measured: isEnough ? measure(pair.before, pair.now) : null }));
  const pValues = adjustedPValues(measured.flatMap(({ measured: found }) => (found ? [found.pValue] : [])));
  let next = 0;
  const features = measured.map(({ feature, before, now, measured: found }) => {
    const adjustedP = found ? (pValues[next++] ?? 1) : null;
    return judge(feature, before, now, found, adjustedP, limits);
  });
  const sorted = features.toSorted(byImportance);
  const rows = { referenceRows: reference.rows, currentRows: current.rows };
  const verdict = verdictOf(sorted);
  return { verdict, sentence: reportSentence(verdict, sorted, rows, limits), ...rows, features: sorted };
}

function checkedLimits(limits: DriftOptions): DriftOptions {
  const { level, leastIndex, minRows } = limits;
  if (level > 0 && level < 1 && leastIndex >= 0 && minRows >= 0) return limits;
  throw new RangeError(`Drift cannot be judged at level ${level}, least index ${leastIndex}, ${minRows} rows.`);
}

function sameKind(feature: string, before: FeatureSummary, now: FeatureSummary | undefined): FeatureSummary {
  if (now?.kind === before.kind) return now;
  throw new RangeError(`The feature ${feature} is ${before.kind} in the reference and ${now?.kind ?? 'absent'} now.`);
}

interface Measured {
  readonly index: number;
  readonly pValue: number;
}

/** Null where there is nothing to compare: a column without any value in the reference, or with too many categories. */
function measure(before: FeatureSummary, now: FeatureSummary): Measured | null {
  if (before.count === 0) return null;
  if (before.kind === 'numerical' && now.kind === 'numerical') return calibratedIndex(numericCells(before, now));
  if (before.kind !== 'categorical' || now.kind !== 'categorical') return null;
  if (before.counts === null || now.counts === null) return null;
  return calibratedIndex(categoricalCells(before, now));
}

function judge(
  feature: string,
  before: FeatureSummary,
  now: FeatureSummary,
  found: Measured | null,
  adjustedP: number | null,
  { level, leastIndex }: DriftOptions,
): FeatureDrift {
  const hasDrifted = found !== null && adjustedP !== null && adjustedP <= level && found.index > leastIndex;
  const verdict = found === null ? 'no-data' : hasDrifted ? 'drifted' : 'stable';
  return {
    feature,
    kind: before.kind,
    verdict,
    sentence: featureSentence(feature, verdict, before, now, found?.index ?? null, adjustedP),
    index: found?.index ?? null,
    pValue: found?.pValue ?? null,
    adjustedP,
    azure: azureMetrics(before, now),
    referenceMissing: before.missing,
    currentMissing: now.missing,
  };
}

function azureMetrics(before: FeatureSummary, now: FeatureSummary): FeatureDrift['azure'] {
  if (before.count === 0 || now.count === 0) return null;
  if (before.kind === 'numerical' && now.kind === 'numerical') return azureNumericMetrics(before, now);
  if (before.kind !== 'categorical' || now.kind !== 'categorical') return null;
  if (before.counts === null || now.counts === null) return null;
  return azureCategoricalMetrics(before.counts, now.counts);
}

function byImportance(a: FeatureDrift, b: FeatureDrift): number {
  const rank = ({ verdict }: FeatureDrift) => (verdict === 'drifted' ? 0 : verdict === 'stable' ? 1 : 2);
  return rank(a) - rank(b) || (b.index ?? 0) - (a.index ?? 0);
}

function verdictOf(features: readonly FeatureDrift[]): DriftReport['verdict'] {
  if (features.some(({ verdict }) => verdict === 'drifted')) return 'drifted';
  return features.some(({ verdict }) => verdict === 'stable') ? 'stable' : 'no-data';
}
