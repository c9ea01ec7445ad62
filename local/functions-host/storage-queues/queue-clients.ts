/** Opens storage queues; bindings of the same account share one client. */
import type { QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { messageOf, StartFailure } from '../seams/start-failure.ts';
import { type Connection, type ConnectionUse, connectionKey } from '../settings/connection.ts';

/** Waiting longer is up to the host's own pace of polling. */
const RETRIES = { maxTries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1000 };

export class QueueClients {
  readonly #services = new Map<string, Promise<QueueServiceClient>>();

  /** The queue need not exist. Fails with the setting when its value is no connection. */
  async open(connection: Connection, queueName: string, use: ConnectionUse): Promise<QueueClient> {
    const key = connectionKey(connection);
    const service = this.#services.get(key) ?? openService(connection);
    this.#services.set(key, service);
    try {
      return (await service).getQueueClient(queueName);
    } catch (cause) {
      const what = `The connection ${use.name || 'AzureWebJobsStorage'} of function ${use.functionName} cannot be used: ${messageOf(cause)}.`;
      const remedy = 'Correct the setting; for Azurite it is "UseDevelopmentStorage=true".';
      throw new StartFailure('connection-setting', what, remedy, { cause });
    }
  }
}

/** Imported only for apps with queues: storage clients are slow to load. */
async function openService(connection: Connection): Promise<QueueServiceClient> {
  const { QueueServiceClient } = await import('@azure/storage-queue');
  const options = { retryOptions: RETRIES };
  if (connection.kind === 'string') return QueueServiceClient.fromConnectionString(connection.text, options);
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new QueueServiceClient(connection.address, new DefaultAzureCredential(), options);
}

export function isMissingQueue(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 404;
}
