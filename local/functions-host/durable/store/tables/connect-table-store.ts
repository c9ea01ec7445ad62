/** Builds the table store from a connection string; connects to nothing yet. */
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { systemClock } from '../../../../emulator/clock.ts';
import type { DurableOptions } from '../../seams/durable-options.ts';
import { HistoryTable } from './history-table.ts';
import { HubLease } from './hub-lease.ts';
import { InstanceTable } from './instance-table.ts';
import { LargeValues } from './large-values.ts';
import { MessageTable } from './message-table.ts';
import { TableStore } from './table-store.ts';

/** Short, so that a storage that is down is reported soon; the engine repeats what matters by itself. */
const RETRY = { maxTries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 1_000 };

/** The setting is tried as named, then with the prefix `AzureWebJobs`. */
export function connectTableStore(
  { hubName, connectionName }: Pick<DurableOptions, 'hubName' | 'connectionName'>,
  settings: Readonly<Record<string, string>>,
): TableStore {
  const connection = settings[connectionName] || settings[`AzureWebJobs${connectionName}`];
  if (!connection) {
    throw new Error(
      `The setting '${connectionName}' is missing: Durable Functions keeps its state in that storage account. ` +
        `Set it to a connection string, or to UseDevelopmentStorage=true for Azurite on its default ports.`,
    );
  }
  const isPlainHttp = /UseDevelopmentStorage=true|=http:\/\/|DefaultEndpointsProtocol=http;/i.test(connection);
  const table = (suffix: string) =>
    TableClient.fromConnectionString(connection, `${hubName}${suffix}`, { allowInsecureConnection: isPlainHttp });
  const blobs = BlobServiceClient.fromConnectionString(connection, { retryOptions: RETRY });
  const container = (suffix: string) => blobs.getContainerClient(`${hubName.toLowerCase()}-${suffix}`);
  const large = new LargeValues(container('largemessages'));
  const lease = new HubLease({ container: container('leases'), hubName, clock: systemClock });
  return new TableStore({
    history: new HistoryTable(table('History'), large),
    instances: new InstanceTable(table('Instances'), large, hubName),
    messages: new MessageTable(table('Messages'), large, () => lease.assertHeld()),
    large,
    lease,
  });
}
