/** Computes one metric of one feature. */
import { chiSquaredPValue } from '../metrics/chi-squared.ts';
import { dataTypeErrorRate, nullValueRate, outOfBoundsRate } from '../metrics/data-quality.ts';
import { binCounts, type CountPair, categoryCounts } from '../metrics/histograms.ts';
import { jensenShannonDistance } from '../metrics/jensen-shannon.ts';
import { KS_MAX_ROWS, kolmogorovSmirnovPValue } from '../metrics/kolmogorov-smirnov.ts';
import { populationStabilityIndex } from '../metrics/population-stability.ts';
import { normalizedWassersteinDistance } from '../metrics/wasserstein.ts';
import { MonitorFailure } from '../seams/monitor-failure.ts';
import type { MetricName } from '../seams/monitor-schema.ts';
import type { Feature } from './features.ts';

/** Fails with MonitorFailure where Azure ML refuses to compute the metric. */
export function computeMetric(metric: MetricName, feature: Feature): number {
  const { reference, production } = feature;
  switch (metric) {
    case 'JensenShannonDistance':
      return jensenShannonDistance(countsOf(feature));
    case 'PopulationStabilityIndex':
      return populationStabilityIndex(countsOf(feature));
    case 'PearsonsChiSquaredTest':
      return chiSquaredPValue(countsOf(feature));
    case 'NormalizedWassersteinDistance':
      return normalizedWassersteinDistance(numbers(reference), numbers(production));
    case 'TwoSampleKolmogorovSmirnovTest':
      return kolmogorovSmirnov(feature);
    case 'NullValueRate':
      return nullValueRate(production);
    case 'DataTypeErrorRate':
      return dataTypeErrorRate(reference, production);
    case 'OutOfBoundsRate':
      return outOfBoundsRate(reference, production, feature.type === 'Numerical');
  }
}

function kolmogorovSmirnov({ name, reference, production }: Feature): number {
  if (Math.max(reference.length, production.length) >= KS_MAX_ROWS) {
    throw new MonitorFailure(
      `TwoSampleKolmogorovSmirnovTest takes fewer than ${KS_MAX_ROWS} rows; '${name}' has ${reference.length} and ${production.length}. Take another metric.`,
    );
  }
  return kolmogorovSmirnovPValue(numbers(reference), numbers(production));
}

function countsOf({ type, reference, production }: Feature): CountPair {
  return type === 'Categorical'
    ? categoryCounts(reference, production)
    : binCounts(numbers(reference), numbers(production));
}

function numbers(cells: Feature['reference']): readonly number[] {
  return cells.filter((cell) => typeof cell === 'number');
}
