/** The events of a model monitor and of a job, as Azure Machine Learning documents them. */

/** The text that the monitoring component writes into the tag (azureml-assets, evaluate_metrics_threshold). */
export const BREACH_TEXT = `The signal 'flights-monitor_inputs' has failed due to one or more features violating metric thresholds.
The feature names and their corresponding computed metric values violating the threshold are
['{"metric_value":0.61,"metric_name":"NormalizedWassersteinDistance","threshold_value":0.1,"group":"distance"}', '{"metric_value":0.3,"metric_name":"JensenShannonDistance","threshold_value":0.1,"group":"carrier"}', '{"metric_value":0.2,"metric_name":"PopulationStabilityIndex","threshold_value":0.1,"group":"distance"}']`;

export const WORKSPACE = '/subscriptions/S/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws';
export const ACCOUNT = '/subscriptions/S/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/data';

export function anEvent(eventType: string, data: object, changes: object = {}) {
  return {
    id: 'e1',
    topic: WORKSPACE,
    subject: 'experiments/x/runs/run-1',
    eventType,
    eventTime: '2026-03-01T12:00:00.000Z',
    data,
    dataVersion: '',
    metadataVersion: '1',
    ...changes,
  };
}
