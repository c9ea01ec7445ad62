/** Which events the app's functions are subscribed to: the same as in `infra/`. */

export interface HostSubscription {
  readonly name: string;
  /** ARM id of what raises the events. */
  readonly source: string;
  readonly functionName: string;
  readonly schema: 'EventGridSchema' | 'CloudEventSchemaV1_0';
  readonly filter: object;
}

const ML = 'Microsoft.MachineLearningServices';

export interface EventSources {
  /** ARM ids. */
  readonly workspace: string;
  readonly storage: string;
  /** The app's own topic. */
  readonly topic: string;
}

export function hostSubscriptions({ workspace, storage, topic }: EventSources): readonly HostSubscription[] {
  return [
    ofWorkspace(workspace, 'slipway-models', 'onModelRegistered', ['ModelRegistered']),
    {
      ...ofWorkspace(workspace, 'slipway-drift', 'onDrift', ['RunStatusChanged']),
      filter: {
        includedEventTypes: [`${ML}.RunStatusChanged`],
        advancedFilters: [
          {
            operatorType: 'StringContains',
            key: 'data.RunTags.azureml_modelmonitor_threshold_breached',
            values: ['has failed due to one or more features violating metric thresholds'],
          },
        ],
      },
    },
    ofWorkspace(workspace, 'slipway-dataset-drift', 'onDrift', ['DatasetDriftDetected']),
    ofWorkspace(workspace, 'slipway-runs', 'onRunCompleted', ['RunCompleted', 'RunStatusChanged']),
    {
      name: 'slipway-new-data',
      source: storage,
      functionName: 'onNewData',
      schema: 'EventGridSchema',
      filter: { includedEventTypes: ['Microsoft.Storage.BlobCreated'] },
    },
    {
      name: 'slipway-latency-alerts',
      source: topic,
      functionName: 'onLatencyAlert',
      schema: 'CloudEventSchemaV1_0',
      filter: { includedEventTypes: ['Slipway.LatencyAlert'] },
    },
  ];
}

function ofWorkspace(source: string, name: string, functionName: string, types: readonly string[]): HostSubscription {
  const includedEventTypes = types.map((type) => `${ML}.${type}`);
  return { name, source, functionName, schema: 'EventGridSchema', filter: { includedEventTypes } };
}
