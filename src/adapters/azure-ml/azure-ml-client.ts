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

export function createAzureMlClient(target: AzureMlTarget, credential: TokenCredential): AzureMlClient {
  return onFirstUse(async () => {
    const { openAzureMl } = await import('./open-azure-ml.ts');
    return openAzureMl(target.armEndpoint, target.subscriptionId, credential);
  });
}

/** A signal that ends one call in time. */
export function callSignal(): AbortSignal {
  return AbortSignal.timeout(CALL_TIMEOUT_MS);
}
