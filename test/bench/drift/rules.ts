/** The rules that are compared: Azure ML's metrics at usual thresholds, and the calibrated decision of the product. */
import type { DatasetSummary, FeatureKind } from '../../../src/domain/drift/dataset-summary.ts';
import type { FeatureDrift } from '../../../src/domain/drift/drift-report.ts';
import { contingencyPValue } from './contingency.ts';

export const CALIBRATED = 'calibrated';

export const RULES: Readonly<Record<FeatureKind, readonly string[]>> = {
  numerical: ['Azure JS > 0.1', 'Azure PSI > 0.1', 'Azure nW > 0.1', 'KS p < 0.05', CALIBRATED],
  categorical: ['Azure JS > 0.1', 'Azure PSI > 0.1', 'Azure chi2 p < 0.05', 'contingency chi2 p < 0.05', CALIBRATED],
};

/** By rule whether it calls the feature drifted; a rule that has nothing to say is absent. */
export function verdictsOf(
  { feature, azure, verdict }: FeatureDrift,
  reference: DatasetSummary,
  current: DatasetSummary,
): ReadonlyMap<string, boolean> {
  const verdicts = new Map([[CALIBRATED, verdict === 'drifted']]);
  if (!azure) return verdicts;
  verdicts.set('Azure JS > 0.1', azure.jensenShannonDistance > 0.1);
  verdicts.set('Azure PSI > 0.1', azure.populationStabilityIndex > 0.1);
  if ('normalizedWassersteinDistance' in azure) {
    verdicts.set('Azure nW > 0.1', azure.normalizedWassersteinDistance > 0.1);
    const p = azure.twoSampleKolmogorovSmirnovTest;
    if (p !== null) verdicts.set('KS p < 0.05', p < 0.05);
    return verdicts;
  }
  verdicts.set('Azure chi2 p < 0.05', azure.pearsonsChiSquaredTest < 0.05);
  const [before, now] = [reference.features[feature], current.features[feature]];
  if (before?.kind === 'categorical' && now?.kind === 'categorical' && before.counts && now.counts) {
    verdicts.set('contingency chi2 p < 0.05', contingencyPValue(before.counts, now.counts) < 0.05);
  }
  return verdicts;
}
