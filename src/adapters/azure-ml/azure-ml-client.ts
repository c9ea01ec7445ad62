/** The one client of Azure ML's control plane: short retries (the orchestrator retries too) and a time-out for every call. */
import type { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import type { TokenCredential } from '@azure/core-auth';
import { onFirstUse } from '../calls/first-use.ts';

/** Loaded at its first use, one for all adapters. */
export type AzureMlClient = () => Promise<AzureMachineLearningWorkspaces>;

export interface AzureMlTarget {
  readonly armEndpoint: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
}

/** Longest time that one control-plane call may take, retries included. */
const CALL_TIMEOUT_MS = 20_000;
/** With another ARM host (a local one) the token is still meant for Azure Resource Manager. */
const ARM_SCOPE = 'https://management.azure.com/.default';

export function createAzureMlClient(target: AzureMlTarget, credential: TokenCredential): AzureMlClient {
  return onFirstUse(async () => {
    const { AzureMachineLearningWorkspaces } = await import('@azure/arm-machinelearning');
    return new AzureMachineLearningWorkspaces(credential, target.subscriptionId, {
      endpoint: target.armEndpoint,
      credentialScopes: ARM_SCOPE,
      retryOptions: { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 3000 },
    });
  });
}

/** A signal that ends one call in time. */
export function callSignal(): AbortSignal {
  return AbortSignal.timeout(CALL_TIMEOUT_MS);
}
