/** Opens Service Bus namespaces with the official client; bindings of the same namespace share one connection. */
import type { ServiceBusClient } from '@azure/service-bus';
import { messageOf, StartFailure } from '../seams/start-failure.ts';
import { type Connection, type ConnectionUse, connectionKey } from '../settings/connection.ts';

/** As the .NET client of the real host waits; the pauses of the JavaScript client default to 30 s. */
const RETRIES = { maxRetries: 3, retryDelayInMs: 800, maxRetryDelayInMs: 60_000, mode: 0 } as const;

export class NamespaceClients {
  readonly #clients = new Map<string, Promise<ServiceBusClient>>();

  /** Connects at the first use. Fails with the setting when its value is no connection. */
  async open(connection: Connection, use: ConnectionUse): Promise<ServiceBusClient> {
    const key = connectionKey(connection);
    const opened = this.#clients.get(key) ?? openClient(connection);
    this.#clients.set(key, opened);
    try {
      return await opened;
    } catch (cause) {
      const setting = use.name || 'AzureWebJobsServiceBus';
      const what = `The connection ${setting} of function ${use.functionName} cannot be used: ${messageOf(cause)}.`;
      const remedy = 'Correct the setting: "Endpoint=sb://<host>;SharedAccessKeyName=<name>;SharedAccessKey=<key>".';
      throw new StartFailure('connection-setting', what, remedy, { cause });
    }
  }

  async close(): Promise<void> {
    const settled = await Promise.allSettled(this.#clients.values());
    const clients = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await Promise.all(clients.map((client) => client.close()));
  }
}

/** Imported only for apps with Service Bus: the client is slow to load. */
async function openClient(connection: Connection): Promise<ServiceBusClient> {
  const { ServiceBusClient } = await import('@azure/service-bus');
  const options = { retryOptions: RETRIES };
  if (connection.kind === 'string') return new ServiceBusClient(connection.text, options);
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new ServiceBusClient(connection.address, new DefaultAzureCredential(), options);
}
