/** Names of the tags that Slipway writes on model versions and deployments. */

/** On model versions, final. */
export const SLIPWAY_TAGS = {
  /** `live`, `rejected` or `superseded`. */
  status: 'slipway-status',
  reason: 'slipway-reason',
  rollout: 'slipway-rollout',
} as const;
