/** The app's one identity: the managed identity in Azure, a developer's sign-in or the local identity endpoint elsewhere. */
import type { TokenCredential } from '@azure/core-auth';
import { DefaultAzureCredential } from '@azure/identity';

export function createCredential(): TokenCredential {
  return new DefaultAzureCredential();
}
