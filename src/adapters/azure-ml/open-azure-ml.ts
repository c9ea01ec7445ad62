/** Makes the client of Azure ML's control plane. Loaded at first use, and apart, because the library is a CommonJS package. */
import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import type { TokenCredential } from '@azure/core-auth';

/** With another ARM host (a local one) the token is still meant for Azure Resource Manager. */
const ARM_SCOPE = 'https://management.azure.com/.default';

export function openAzureMl(
  armEndpoint: string,
  subscriptionId: string,
  credential: TokenCredential,
): AzureMachineLearningWorkspaces {
  return new AzureMachineLearningWorkspaces(credential, subscriptionId, {
    endpoint: armEndpoint,
    credentialScopes: ARM_SCOPE,
    retryOptions: { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 3000 },
  });
}
