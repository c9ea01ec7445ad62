/** A data set as streams are summarised: one summary per feature, in bounded memory; summaries of parts add up. */
import { type CategoricalSummary, collectCategorical, mergeCategorical } from './categorical-summary.ts';
import { collectNumeric, mergeNumeric, type NumericSummary } from './numeric-summary.ts';

export type FeatureKind = 'numerical' | 'categorical';
export type FeatureKinds = Readonly<Record<string, FeatureKind>>;
export type FeatureSummary = NumericSummary | CategoricalSummary;

export interface DatasetSummary {
  readonly rows: number;
  readonly features: Readonly<Record<string, FeatureSummary>>;
}

export interface DatasetCollector {
  /** A feature that the row lacks counts as missing; other members are passed over. */
  add(row: Readonly<Record<string, unknown>>): void;
  summary(): DatasetSummary;
}

export function collectDataset(kinds: FeatureKinds): DatasetCollector {
  const collectors = Object.entries(kinds).map(([feature, kind]) => ({
    feature,
    collector: kind === 'numerical' ? collectNumeric() : collectCategorical(),
  }));
  let rows = 0;
  return {
    add(row) {
      rows += 1;
      for (const { feature, collector } of collectors) {
        collector.add(Object.hasOwn(row, feature) ? row[feature] : null);
      }
    },
    summary: () => ({
      rows,
      features: Object.fromEntries(collectors.map(({ feature, collector }) => [feature, collector.summary()])),
    }),
  };
}

/** Throws when the two do not have the same features of the same kinds. */
export function mergeDatasets(a: DatasetSummary, b: DatasetSummary): DatasetSummary {
  const names = Object.keys(a.features);
  const isSame = names.length === Object.keys(b.features).length;
  if (!isSame) throw new Error(`Summaries of different features cannot be merged: ${names.join(', ')}.`);
  const features = names.map((name) => [name, mergeFeatures(name, a.features[name], b.features[name])] as const);
  return { rows: a.rows + b.rows, features: Object.fromEntries(features) };
}

function mergeFeatures(
  name: string,
  a: FeatureSummary | undefined,
  b: FeatureSummary | undefined,
): NumericSummary | CategoricalSummary {
  if (a?.kind === 'numerical' && b?.kind === 'numerical') return mergeNumeric(a, b);
  if (a?.kind === 'categorical' && b?.kind === 'categorical') return mergeCategorical(a, b);
  throw new Error(
    `The feature ${name} is ${a?.kind ?? 'absent'} in one summary and ${b?.kind ?? 'absent'} in the other.`,
  );
}
