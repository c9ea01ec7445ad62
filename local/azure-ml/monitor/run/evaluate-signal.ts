/** Computes a signal's metrics from its two tables and compares each with its threshold. */
import type { Table } from '../data/table.ts';
import type { MetricName, MetricThreshold, MonitorSignal } from '../seams/monitor-schema.ts';
import { computeMetric } from './compute-metric.ts';
import { commonFeatures, completeFeatures, type FeatureType } from './features.ts';

export interface MetricResult {
  /** Name of the feature. */
  readonly group: string;
  readonly dataType: FeatureType;
  readonly metricName: MetricName;
  readonly metricValue: number;
  /** Null when there is none to compare with: such a metric is never breached. */
  readonly thresholdValue: number | null;
  readonly breached: boolean;
}

/** What azure-ai-ml sends when nothing is given; other metrics without a threshold are not judged. */
const DEFAULT_THRESHOLDS: Readonly<Partial<Record<MetricName, number>>> = {
  NormalizedWassersteinDistance: 0.1,
  JensenShannonDistance: 0.1,
  NullValueRate: 0,
  DataTypeErrorRate: 0,
  OutOfBoundsRate: 0,
};

/** Both are p-values: the smaller, the worse. */
const LOWER_IS_WORSE: ReadonlySet<MetricName> = new Set(['TwoSampleKolmogorovSmirnovTest', 'PearsonsChiSquaredTest']);

/** Fails with MonitorFailure when there is nothing to compare. */
export function evaluateSignal(signal: MonitorSignal, reference: Table, production: Table): readonly MetricResult[] {
  const common = commonFeatures(signal, reference, production);
  const features = signal.signalType === 'DataQuality' ? common : completeFeatures(common);
  return features.flatMap((feature) =>
    signal.metricThresholds
      .filter(({ dataType }) => dataType === feature.type)
      .map((threshold) => {
        const metricValue = computeMetric(threshold.metric, feature);
        const judged = judge(threshold, metricValue);
        return { group: feature.name, dataType: feature.type, metricName: threshold.metric, metricValue, ...judged };
      }),
  );
}

function judge({ metric, threshold }: MetricThreshold, value: number) {
  const thresholdValue = threshold?.value ?? DEFAULT_THRESHOLDS[metric] ?? null;
  if (thresholdValue === null) return { thresholdValue, breached: false };
  return { thresholdValue, breached: LOWER_IS_WORSE.has(metric) ? value < thresholdValue : value > thresholdValue };
}
