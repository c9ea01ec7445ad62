/** The states that ARM reports of an endpoint and of a deployment. */

export type ProvisioningState = 'Creating' | 'Updating' | 'Deleting' | 'Scaling' | 'Succeeded' | 'Failed';
