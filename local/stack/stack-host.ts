/** Starts the app in the Functions host with the stack's settings and subscribes it to the workspace's events. */
import { join } from 'node:path';
import type { Addresses } from './addresses.ts';
import { appSettings } from './app-settings.ts';
import { type HostProcess, startHost } from './host-process.ts';
import type { StackGround } from './stack-ground.ts';
import { subscribeHost } from './subscribe-host.ts';

export interface StackHostOptions {
  readonly addresses: Addresses;
  /** ARM id of the workspace. */
  readonly workspaceArmId: string;
  readonly policiesFolder: string;
  readonly serviceBusConnectionString: string;
  readonly tokenSecret: string;
  readonly rpcPort: number;
}

export async function startStackHost(ground: StackGround, options: StackHostOptions): Promise<HostProcess> {
  const { plan, tls, identity, azurite, book, stops } = ground;
  const { addresses, policiesFolder, serviceBusConnectionString, tokenSecret, rpcPort } = options;
  const settings = appSettings({
    addresses,
    storageConnectionString: azurite.connectionString,
    serviceBusConnectionString,
    storageAccountName: azurite.accountName,
    caPath: tls.caPath,
    identity,
    tokenSecret,
    policiesFolder,
  });
  const host = await startHost({
    scriptRoot: plan.scriptRoot,
    port: Number(new URL(addresses.host).port),
    rpcPort,
    settings: { ...settings, ...plan.appSettings },
    logFolder: join(plan.stateFolder, 'logs'),
    book,
  });
  stops.add('functions-host', host);
  plan.log(`Functions host on ${host.url} (its output is in ${host.logPath})`);
  await subscribeHost({
    eventGridUrl: addresses.eventGrid,
    workspaceArmId: options.workspaceArmId,
    hostUrl: host.url,
    storageAccountName: azurite.accountName,
    tls,
    issueToken: identity.issueToken,
  });
  plan.log(
    'The app receives the events that it has functions for: of the workspace, of new blobs and of its own topic',
  );
  return host;
}
