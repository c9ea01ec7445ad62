/** The rules that are compared: Azure ML's metrics at usual thresholds, and the calibrated decision of the product. */
import { compareDatasets } from '../../../src/domain/drift/compare-datasets.ts';
import type { DatasetSummary } from '../../../src/domain/drift/dataset-summary.ts';
import { collectNumeric } from '../../../src/domain/drift/numeric-summary.ts';

export const RULES = ['Azure JS > 0.1', 'Azure PSI > 0.1', 'Azure nW > 0.1', 'KS p < 0.05', 'calibrated'] as const;
export type RuleName = (typeof RULES)[number];

export function summaryOf(values: Iterable<number>): DatasetSummary {
  const collector = collectNumeric();
  for (const value of values) collector.add(value);
  const x = collector.summary();
  return { rows: x.count + x.missing, features: { x } };
}

/** Which rules call it a drift. */
export function verdictsOf(reference: DatasetSummary, current: DatasetSummary): Readonly<Record<RuleName, boolean>> {
  const [feature] = compareDatasets(reference, current).features;
  const azure = feature?.azure;
  if (!feature || !azure || !('normalizedWassersteinDistance' in azure))
    throw new Error('There is nothing to compare.');
  return {
    'Azure JS > 0.1': azure.jensenShannonDistance > 0.1,
    'Azure PSI > 0.1': azure.populationStabilityIndex > 0.1,
    'Azure nW > 0.1': azure.normalizedWassersteinDistance > 0.1,
    'KS p < 0.05': (azure.twoSampleKolmogorovSmirnovTest ?? 1) < 0.05,
    calibrated: feature.verdict === 'drifted',
  };
}
