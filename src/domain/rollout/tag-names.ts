/** Names of the tags that Slipway writes on model versions and deployments. */

/** On model versions, final. */
export const SLIPWAY_TAGS = {
  /** `live`, `rejected` or `superseded`. */
  status: 'slipway-status',
  reason: 'slipway-reason',
  rollout: 'slipway-rollout',
} as const;

/** On versions that a retraining registered: the data asset they were trained on, `azureml:<name>:<version>`. */
export const DATA_TAG = 'slipway.data';
