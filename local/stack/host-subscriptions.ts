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

export function hostSubscriptions(workspaceArmId: string, _storageArmId: string): readonly HostSubscription[] {
  return [
    {
      name: 'slipway-models',
      source: workspaceArmId,
      functionName: 'onModelRegistered',
      schema: 'EventGridSchema',
      filter: { includedEventTypes: [`${ML}.ModelRegistered`] },
    },
  ];
}
