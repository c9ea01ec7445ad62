/** The app's one identity: the managed identity in Azure, a developer's sign-in or the local identity endpoint elsewhere. */
import type { TokenCredential } from '@azure/core-auth';
import { onFirstUse } from './calls/first-use.ts';

/** The library is loaded for the first token: it is the largest of all, and start-up needs none. */
export function createCredential(): TokenCredential {
  const credential = onFirstUse(async () => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return new DefaultAzureCredential();
  });
  return { getToken: async (scopes, options) => (await credential()).getToken(scopes, options) };
}
