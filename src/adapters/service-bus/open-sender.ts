/** Connects to one Service Bus topic. Loaded at first use, and apart, because the library is a CommonJS package. */
import type { TokenCredential } from '@azure/core-auth';
import { ServiceBusClient, type ServiceBusSender } from '@azure/service-bus';

/** Either a key (local, or where no identity is to be had) or a namespace that is reached by identity. */
export type ServiceBusConnection =
  | { readonly kind: 'connection-string'; readonly reveal: () => string }
  | { readonly kind: 'namespace'; readonly fullyQualifiedNamespace: string };

/** A broken connection is noticed by the time-out only, so it is short; the activity retries too. */
const RETRIES = { maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3000, timeoutInMs: 5000 };

export function openSender(
  connection: ServiceBusConnection,
  topic: string,
  credential: TokenCredential,
): ServiceBusSender {
  const options = { retryOptions: RETRIES };
  const client =
    connection.kind === 'namespace'
      ? new ServiceBusClient(connection.fullyQualifiedNamespace, credential, options)
      : new ServiceBusClient(connection.reveal(), options);
  return client.createSender(topic);
}
