/** Brings up the Durable engine and its RPC endpoint, only for apps that have Durable functions. */
import type { Clock } from '../emulator/clock.ts';
import type { LocalDurableHost } from './durable/create-durable-host.ts';
import type { TaskHubStore } from './durable/store/task-hub-store.ts';
import type { DurableHost } from './durable-host.ts';
import type { HostLog } from './host-log.ts';
import { createRpcHandler, DURABLE_WEBHOOK_PATH, openRpcServer, RPC_PATH } from './http/durable-api.ts';
import type { LoopbackServer } from './http/loopback-server.ts';
import type { FunctionInvoker, RpcTypedData } from './invocation.ts';
import type { Settings } from './settings/local-settings.ts';
import { readConnection } from './settings/setting-references.ts';
import { messageOf, StartFailure } from './start-failure.ts';

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
  const { invoker, section, settings, clock, log, frontPort, store } = options;
  if (!store) checkStorage(section, settings);
  const server = await openRpcServer(options.rpcPort, log, Math.random);
  try {
    const { createDurableHost } = await import('./durable/create-durable-host.ts');
    const host = await createDurableHost({ invoker, section, settings, clock, log, ...(store ? { store } : {}) });
    await host.start();
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
  } catch (cause) {
    await server.stop();
    if (cause instanceof StartFailure) throw cause;
    const remedy =
      'Check that the storage of the task hub is up and that extensions.durableTask in host.json is right.';
    throw new StartFailure('durable', `Durable Functions cannot start: ${messageOf(cause)}`, remedy, { cause });
  }
}

/** Clients are cut off first, so that nothing new arrives while the last turn is written. */
async function stopBoth(server: LoopbackServer, host: DurableHost): Promise<void> {
  await server.stop();
  await host.stop();
}

function checkStorage(section: Readonly<Record<string, unknown>>, settings: Settings): void {
  const provider = section.storageProvider;
  const named = typeof provider === 'object' && provider !== null && 'connectionName' in provider;
  const name = named ? String(provider.connectionName) : 'AzureWebJobsStorage';
  if (readConnection(settings, name)) return;
  throw new StartFailure(
    'connection-setting',
    `The app has Durable functions, but the setting ${name} with their storage connection is missing.`,
    `Add it to Values in local.settings.json or to the environment; for Azurite: "${name}": "UseDevelopmentStorage=true".`,
  );
}
