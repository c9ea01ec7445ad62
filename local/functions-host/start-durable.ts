/** Brings up the Durable engine and its RPC endpoint, only for apps that have Durable functions. */
import type { Clock } from '../emulator/clock.ts';
import type { LocalDurableHost } from './durable/create-durable-host.ts';
import { type DurableOptions, readDurableOptions } from './durable/seams/durable-options.ts';
import type { TaskHubStore } from './durable/store/task-hub-store.ts';
import { createRpcHandler, DURABLE_WEBHOOK_PATH, openRpcServer, RPC_PATH } from './http/durable-api.ts';
import type { LoopbackServer } from './http/loopback-server.ts';
import type { DurableHost } from './seams/durable-host.ts';
import type { HostLog } from './seams/host-log.ts';
import type { FunctionInvoker, RpcTypedData } from './seams/invocation.ts';
import { messageOf, StartFailure } from './seams/start-failure.ts';
import { settingsFile } from './settings/connection.ts';
import type { Settings } from './settings/local-settings.ts';
import { readConnection, readSetting } from './settings/setting-references.ts';

export interface StartDurableOptions {
  readonly invoker: FunctionInvoker;
  readonly section: Readonly<Record<string, unknown>>;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: HostLog;
  /** Port of the host's own front, for the URLs that clients hand out. */
  readonly frontPort: number;
  readonly rpcPort: number | undefined;
  /** Where state lives instead of the storage account. */
  readonly store: TaskHubStore | undefined;
}

export interface RunningDurable {
  readonly host: LocalDurableHost;
  readonly rpcUrl: string;
  /** Value of a `durableClient` input. */
  clientInput(): RpcTypedData;
  stop(): Promise<void>;
}

export async function startDurable(options: StartDurableOptions): Promise<RunningDurable> {
  const { log, frontPort } = options;
  const host = await createHost(options);
  const server = await openRpcServer(options.rpcPort, log, Math.random);
  try {
    await host.start();
  } catch (cause) {
    await server.stop();
    if (cause instanceof StartFailure) throw cause;
    const what = `Durable Functions cannot start: ${withStop(messageOf(cause))}`;
    const remedy = 'Check that the storage of the task hub is up and that no other host works on the hub.';
    throw new StartFailure('durable', what, remedy, { cause });
  }
  server.serve(createRpcHandler(host));
  const urls = {
    webhookBaseUrl: `http://localhost:${frontPort}${DURABLE_WEBHOOK_PATH}`,
    rpcBaseUrl: `${server.url}${RPC_PATH}`,
  };
  return {
    host,
    rpcUrl: urls.rpcBaseUrl,
    clientInput: () => ({ string: host.clientPayload(urls) }),
    stop: () => stopBoth(server, host),
  };
}

/** Clients are cut off first, so that nothing new arrives while the last turn is written. */
async function stopBoth(server: LoopbackServer, host: DurableHost): Promise<void> {
  await server.stop();
  await host.stop();
}

/** Nothing is opened yet: what fails here is host.json or the text of the connection. */
async function createHost(options: StartDurableOptions): Promise<LocalDurableHost> {
  const { invoker, section, settings, clock, log, store } = options;
  const { createDurableHost } = await import('./durable/create-durable-host.ts');
  const { connectionName } = checkSection(section, settings);
  if (!store) checkStorage(connectionName, settings);
  try {
    return await createDurableHost({ invoker, section, settings, clock, log, ...(store ? { store } : {}) });
  } catch (cause) {
    const what = `The connection ${connectionName} of Durable Functions cannot be used: ${withStop(messageOf(cause))}`;
    throw new StartFailure('connection-setting', what, connectionRemedy(connectionName, settings), { cause });
  }
}

function checkSection(section: Readonly<Record<string, unknown>>, settings: Settings): DurableOptions {
  try {
    return readDurableOptions(section, settings);
  } catch (cause) {
    const root = readSetting(settings, 'AzureWebJobsScriptRoot');
    const what = `${root ? `${root}/` : ''}${messageOf(cause)}\n`;
    throw new StartFailure('host-json', what, 'Correct the section, or leave out what need not be set.', { cause });
  }
}

function checkStorage(name: string, settings: Settings): void {
  if (readConnection(settings, name)) return;
  throw new StartFailure(
    'connection-setting',
    `The app has Durable functions, but the setting ${name} with their storage connection is missing.`,
    connectionRemedy(name, settings),
  );
}

function connectionRemedy(name: string, settings: Settings): string {
  const file = settingsFile(settings);
  return `Add "${name}": "UseDevelopmentStorage=true" (for Azurite) or a connection string to Values in ${file} or to the environment.`;
}

function withStop(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
