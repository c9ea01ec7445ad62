/**
 * Finds what a binding's `connection` stands for: a connection string, or the address of a service that is reached with
 * the app's identity (Functions documentation, "Connections" of each binding).
 */
import { StartFailure } from '../seams/start-failure.ts';
import type { Settings } from './local-settings.ts';
import { readConnection, readSetting } from './setting-references.ts';

export type Connection =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'identity'; readonly address: string };

export interface ConnectionKind {
  /** Used when a binding names no connection; the prefix AzureWebJobs is tried as well. */
  readonly defaultName: string;
  /** Ending of the setting that holds the address for identity-based connections: `<name>__<ending>`. */
  readonly addressEnding: string;
  /** A value for the message of a missing setting. */
  readonly example: string;
}

export const STORAGE_QUEUES: ConnectionKind = {
  defaultName: 'Storage',
  addressEnding: 'queueServiceUri',
  example: 'UseDevelopmentStorage=true',
};

export const SERVICE_BUS: ConnectionKind = {
  defaultName: 'ServiceBus',
  addressEnding: 'fullyQualifiedNamespace',
  example: 'Endpoint=sb://localhost;SharedAccessKeyName=...;SharedAccessKey=...;UseDevelopmentEmulator=true',
};

export interface ConnectionUse {
  readonly functionName: string;
  readonly bindingType: string;
  /** The binding's `connection`; absent or empty means the default. */
  readonly name: string | undefined;
}

/** Fails with the function and the missing setting. */
export function requireConnection(settings: Settings, kind: ConnectionKind, use: ConnectionUse): Connection {
  const name = use.name || kind.defaultName;
  const text = readConnection(settings, name);
  if (text) return { kind: 'string', text };
  const address = readConnection(settings, `${name}__${kind.addressEnding}`);
  if (address) return { kind: 'identity', address };
  const shown = use.name || `AzureWebJobs${kind.defaultName}`;
  throw new StartFailure(
    'connection-setting',
    `Function ${use.functionName} has a ${use.bindingType} binding, but the setting ${shown} with its connection is missing.`,
    `Add "${shown}": "${kind.example}" (or "${shown}__${kind.addressEnding}" for access by identity) to Values in ` +
      `${settingsFile(settings)} or to the environment.`,
  );
}

/** Where the app's settings are kept, for messages. */
export function settingsFile(settings: Settings): string {
  const root = readSetting(settings, 'AzureWebJobsScriptRoot');
  return root ? `${root}/local.settings.json` : 'local.settings.json';
}

/** One key per connection, so that bindings of the same one share a client. */
export function connectionKey(connection: Connection): string {
  return `${connection.kind} ${connection.kind === 'string' ? connection.text : connection.address}`;
}
