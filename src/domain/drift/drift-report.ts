/** What a comparison of two data sets says: per feature, and in all. */
import type { AzureCategoricalMetrics } from './azure-categorical.ts';
import type { AzureNumericMetrics } from './azure-numeric.ts';
import type { FeatureKind } from './dataset-summary.ts';

/** `no-data`: too few rows, or nothing that could be compared; the sentence says what. */
export type DriftVerdict = 'drifted' | 'stable' | 'no-data';

export interface FeatureDrift {
  readonly feature: string;
  readonly kind: FeatureKind;
  readonly verdict: DriftVerdict;
  readonly sentence: string;
  /** Calibrated stability index over the reference's own cells; null without data, as are the p-values. */
  readonly index: number | null;
  readonly pValue: number | null;
  /** Adjusted for the number of features (Benjamini and Hochberg). */
  readonly adjustedP: number | null;
  /** As the studio shows them; null where a side has no value. */
  readonly azure: AzureNumericMetrics | AzureCategoricalMetrics | null;
  readonly referenceMissing: number;
  readonly currentMissing: number;
}

export interface DriftReport {
  readonly verdict: DriftVerdict;
  readonly sentence: string;
  readonly referenceRows: number;
  readonly currentRows: number;
  /** Drifted ones first, the largest index first. */
  readonly features: readonly FeatureDrift[];
}

export interface DriftOptions {
  /** Share of false alarms among the features called drifted. */
  readonly level: number;
  /** Smaller indices are no concern, however sure they are. */
  readonly leastIndex: number;
  /** Rows that each side needs. */
  readonly minRows: number;
}

export const DRIFT_DEFAULTS: DriftOptions = { level: 0.01, leastIndex: 0.02, minRows: 100 };
