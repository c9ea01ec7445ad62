/** Refuses requests for another task hub or storage account than this host's: it would answer about the wrong instances. */
import type { DurableOptions } from '../seams/durable-options.ts';
import type { Query } from './request.ts';
import { badArgument } from './responses.ts';

type Own = Pick<DurableOptions, 'hubName' | 'connectionName'>;

/** Table names ignore case, and a connection may be named with or without the prefix of its setting. */
export function refuseOtherHub({ hubName, connectionName }: Own, query: Query): void {
  const [hub, connection] = [query.text('taskHub'), query.text('connection')];
  if (hub !== undefined && hub.toLowerCase() !== hubName.toLowerCase()) {
    throw badArgument(
      `The query parameter 'taskHub' names '${hub}', but this host serves task hub '${hubName}' only. ` +
        'Leave the parameter out, or ask the host of that hub.',
    );
  }
  if (connection !== undefined && settingOf(connection) !== settingOf(connectionName)) {
    throw badArgument(
      `The query parameter 'connection' names '${connection}', but the task hub of this host lies in ` +
        `'${connectionName}'. Leave the parameter out, or ask the host of that storage account.`,
    );
  }
}

function settingOf(connection: string): string {
  return connection.toLowerCase().replace(/^azurewebjobs/, '');
}
