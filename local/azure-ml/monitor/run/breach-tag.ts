/** The tag by which a monitor tells Event Grid of a breach, word by word (Azure/azureml-assets, evaluate_metrics_threshold.py). */
import type { MetricResult } from './evaluate-signal.ts';

export const BREACH_TAG = 'azureml_modelmonitor_threshold_breached';

/** Undefined when nothing is breached. */
export function breachText(signalName: string, results: readonly MetricResult[]): string | undefined {
  const breached = results.filter((result) => result.breached);
  if (breached.length === 0) return undefined;
  return [
    `The signal '${signalName}' has failed due to one or more features violating metric thresholds.`,
    'The feature names and their corresponding computed metric values violating the threshold are ',
    `[${breached.map((result) => pythonText(rowOf(result))).join(', ')}]`,
    '',
  ].join('\n');
}

function rowOf({ metricValue, metricName, thresholdValue, group }: MetricResult): string {
  return JSON.stringify({
    metric_value: metricValue,
    metric_name: metricName,
    threshold_value: thresholdValue,
    group,
  });
}

/** A text as Python shows it in a list: in single quotes unless it holds some and no double ones; JSON always holds double ones. */
function pythonText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
