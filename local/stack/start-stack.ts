/**
 * Starts the whole local Azure with the app in it, and stops all of it.
 *
 * 1. What starts later finds what it needs running; a failed start stops what was started before.
 * 2. Every process that it started ends with it: on stop, signal, exit, crash, or at the latest with the next start.
 * 3. Everything listens on loopback; nothing leaves this machine.
 */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspaceOptions } from '../azure-ml/arm/protocol/workspace.ts';
import { systemClock } from '../emulator/clock.ts';
import type { RunningIdentity } from '../identity/start-identity.ts';
import type { Addresses } from './addresses.ts';
import { bypassProxies } from './bypass-proxies.ts';
import type { HostProcess } from './host-process.ts';
import { LOG_ANALYTICS_WORKSPACE_ID, TOPIC, WORKSPACE } from './local-azure.ts';
import { preparePolicies } from './prepare-policies.ts';
import { freePorts } from './processes/free-port.ts';
import { openProcessBook } from './processes/process-book.ts';
import { createStopList } from './processes/stop-list.ts';
import { stopOnSignal } from './processes/stop-on-signal.ts';
import { writeStackFile } from './stack-file.ts';
import { type StackGround, startGround } from './stack-ground.ts';
import { startStackHost } from './stack-host.ts';
import { planStack, ROOT_FOLDER, type StackOptions, type StackPlan } from './stack-options.ts';
import { type StackServices, startServices } from './stack-services.ts';

/** What tests and the demo need to act as a client or operator; never written to a log. */
export interface StackCredentials {
  readonly caPath: string;
  readonly ca: string;
  readonly storageConnectionString: string;
  readonly serviceBusConnectionString: string;
  readonly topicKey: string;
  /** SLIPWAY_TOKEN_SECRET of the app, base64url. */
  readonly tokenSecret: string;
}

export interface RunningStack {
  readonly addresses: Addresses;
  readonly credentials: StackCredentials;
  readonly workspace: WorkspaceOptions;
  readonly workspaceArmId: string;
  readonly logAnalyticsWorkspaceId: string;
  readonly policiesFolder: string;
  readonly stateFolder: string;
  /** Issues tokens and tells IDENTITY_ENDPOINT and IDENTITY_HEADER. */
  readonly identity: RunningIdentity;
  /** The services of this process, with their fault controls. */
  readonly services: StackServices;
  /** Absent when the stack was started without it. */
  readonly host: HostProcess | undefined;
  stop(): Promise<void>;
}

/** Resolves when the app serves requests and is subscribed; TLS clients of this process trust the stack from then on. */
export async function startStack(options: StackOptions = {}): Promise<RunningStack> {
  const plan = planStack(options);
  bypassProxies();
  await mkdir(plan.stateFolder, { recursive: true });
  const stops = createStopList(plan.log);
  const book = openProcessBook(plan.stateFolder, plan.log);
  stops.add('process book', { stop: async () => book.close() });
  const withdraw = plan.exitOnSignal ? stopOnSignal(() => stops.stop(), plan.log) : () => {};
  const stop = () => stops.stop().finally(withdraw);
  try {
    return { ...(await startOnGround(await startGround({ plan, stops, book }))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startOnGround(ground: StackGround): Promise<Omit<RunningStack, 'stop'>> {
  const { plan, tls, identity, azurite } = ground;
  const [freeScoring = 0, freeHost = 0, freeRpc = 0] = await freePorts(3);
  const services = await startServices(ground, plan.ports.scoring || freeScoring);
  const addresses = addressesOf(ground, services, plan.ports.host || freeHost);
  const { workspaceArmId } = services.azureMl;
  const policiesFolder = await choosePolicies(plan);
  const tokenSecret = randomBytes(48).toString('base64url');
  const rpcPort = plan.ports.durableRpc || freeRpc;
  const serviceBusConnectionString = services.serviceBus.connectionString;
  const hostOptions = { addresses, workspaceArmId, policiesFolder, serviceBusConnectionString, tokenSecret, rpcPort };
  const host = plan.withHost ? await startStackHost(ground, hostOptions) : undefined;
  const stack = {
    addresses,
    credentials: {
      caPath: tls.caPath,
      ca: tls.ca,
      storageConnectionString: azurite.connectionString,
      serviceBusConnectionString,
      topicKey: services.eventGrid.topic(TOPIC.name).key,
      tokenSecret,
    },
    workspace: WORKSPACE,
    workspaceArmId,
    logAnalyticsWorkspaceId: LOG_ANALYTICS_WORKSPACE_ID,
    policiesFolder,
    stateFolder: plan.stateFolder,
    identity,
    services,
    host,
  };
  recordStack(ground, stack);
  return stack;
}

async function choosePolicies(plan: StackPlan): Promise<string> {
  if (plan.policiesFolder !== undefined) return plan.policiesFolder;
  return preparePolicies(join(ROOT_FOLDER, 'examples'), join(plan.stateFolder, 'policies'), plan.bucketSeconds);
}

function addressesOf({ identity, login, azurite }: StackGround, services: StackServices, hostPort: number): Addresses {
  return {
    identity: identity.endpoint,
    login: login.url,
    blobs: azurite.blobUrl,
    queues: azurite.queueUrl,
    tables: azurite.tableUrl,
    monitor: services.monitor.url,
    eventGrid: services.eventGrid.url,
    eventTopic: services.eventGrid.topic(TOPIC.name).endpoint,
    serviceBus: services.serviceBus.url,
    scoring: `https://localhost:${services.scoringPort}`,
    azureMl: services.azureMl.url,
    host: `http://127.0.0.1:${hostPort}`,
  };
}

function recordStack({ stops, identity }: StackGround, stack: Omit<RunningStack, 'stop'>): void {
  const { credentials, host } = stack;
  const remove = writeStackFile(stack.stateFolder, {
    startedAtIso: new Date(systemClock.nowMs()).toISOString(),
    processId: process.pid,
    addresses: stack.addresses,
    workspaceArmId: stack.workspaceArmId,
    logAnalyticsWorkspaceId: stack.logAnalyticsWorkspaceId,
    caPath: credentials.caPath,
    identity: { endpoint: identity.endpoint, header: identity.header },
    storageConnectionString: credentials.storageConnectionString,
    serviceBusConnectionString: credentials.serviceBusConnectionString,
    tokenSecret: credentials.tokenSecret,
    topicKey: credentials.topicKey,
    policiesFolder: stack.policiesFolder,
    ...(host ? { hostLogPath: host.logPath } : {}),
  });
  stops.add('stack file', { stop: async () => remove() });
}
