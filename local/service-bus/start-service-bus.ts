/**
 * The local Service Bus: an AMQP 1.0 broker that the official client talks to unchanged.
 *
 * 1. A message that was accepted is delivered at least once, or is in a dead-letter queue, or has expired.
 * 2. Nothing is reached without a token for it: a shared access signature, or a bearer token of the local identity.
 * 3. State lives in memory: as with the official emulator, what is in it when it stops is lost.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { BearerVerifier } from '../emulator/bearer.ts';
import type { DevCertificates } from '../emulator/certificates.ts';
import type { Clock } from '../emulator/clock.ts';
import { scopedClock } from '../emulator/scoped-clock.ts';
import { type RunningEmulator, startEmulator } from '../emulator/server.ts';
import { type AmqpListener, listenForAmqp } from './amqp/amqp-listener.ts';
import { readConfig, type ServiceBusConfig } from './config/read-config.ts';
import { registerControlRoutes } from './control/control-routes.ts';
import { type EntityDepth, entityDepths } from './control/entity-depths.ts';
import { type SendFaultInput, SendFaults } from './control/send-faults.ts';
import { Namespace } from './core/namespace.ts';

export interface ServiceBusOptions {
  /** HTTP port of the control endpoint; 0 picks a free one. */
  readonly port: number;
  /** AMQP over TCP, for connection strings with UseDevelopmentEmulator=true; 0 picks a free port. */
  readonly amqpPort: number;
  /** AMQP over TLS, for token credentials; absent: not served. 0 picks a free port. */
  readonly amqpsPort?: number;
  /** Needed with `amqpsPort`. */
  readonly tls?: DevCertificates;
  readonly clock: Clock;
  /** The entities, in the shape of the official emulator's Config.json. */
  readonly config: ServiceBusConfig;
  /** Key of RootManageSharedAccessKey; made at start unless given. */
  readonly sharedAccessKey?: string;
  /** Absent: bearer tokens are refused. */
  readonly verifyBearer?: BearerVerifier;
  /** What one queue, or one topic with its subscriptions, may hold; default 100 MiB. */
  readonly entityLimitBytes?: number;
  readonly log?: (line: string) => void;
}

export interface RunningServiceBus extends RunningEmulator {
  /** For `new ServiceBusClient(connectionString)`. */
  readonly connectionString: string;
  /** `localhost:<port>`, for `new ServiceBusClient(namespace, credential)`; absent without `amqpsPort`. */
  readonly fullyQualifiedNamespace?: string;
  entities(): EntityDepth[];
  /** Cuts every AMQP connection and returns how many there were. */
  dropConnections(): number;
  /** Open AMQP connections. */
  connectionCount(): number;
  armSendFault(fault: SendFaultInput): void;
}

const KEY_NAME = 'RootManageSharedAccessKey';
const DEFAULT_ENTITY_LIMIT_BYTES = 100 * 1024 * 1024;

/** Fails when a port is taken or when the configuration has problems, all of them in one message. */
export async function startServiceBus(options: ServiceBusOptions): Promise<RunningServiceBus> {
  const clock = scopedClock(options.clock);
  const log = options.log ?? (() => {});
  const key = options.sharedAccessKey ?? randomBytes(32).toString('base64');
  const faults = new SendFaults();
  const namespace = new Namespace(readConfig(options.config), {
    clock,
    newLockToken: randomUUID,
    entityLimitBytes: options.entityLimitBytes ?? DEFAULT_ENTITY_LIMIT_BYTES,
  });
  const tokens = {
    sharedAccessKey: { name: KEY_NAME, key },
    verifyBearer: options.verifyBearer,
    nowMs: () => clock.nowMs(),
  };
  const listeners: AmqpListener[] = [];
  const dropConnections = () => listeners.reduce((sum, listener) => sum + listener.dropConnections(), 0);
  const stopAll = async (emulator?: RunningEmulator) => {
    await Promise.all([...listeners, ...(emulator ? [emulator] : [])].map((part) => part.stop()));
    clock.close();
  };
  try {
    const plain = await listenForAmqp({ port: options.amqpPort, namespace, clock, tokens, faults, log });
    listeners.push(plain);
    const secure = await listenWithTls(options, { namespace, clock, tokens, faults, log });
    if (secure) listeners.push(secure);
    const entities = () => entityDepths(namespace);
    const emulator = await startEmulator({
      name: 'service-bus',
      port: options.port,
      clock,
      register: (app) => registerControlRoutes(app, { faults, entities, dropConnections }),
    });
    return {
      ...emulator,
      connectionString: connectionStringOf(plain.port, key),
      ...(secure ? { fullyQualifiedNamespace: `localhost:${secure.port}` } : {}),
      entities,
      dropConnections,
      connectionCount: () => listeners.reduce((sum, listener) => sum + listener.connectionCount(), 0),
      armSendFault: (fault) => faults.arm(fault),
      stop: () => stopAll(emulator),
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function listenWithTls(
  { amqpsPort, tls }: ServiceBusOptions,
  shared: Omit<Parameters<typeof listenForAmqp>[0], 'port' | 'tls'>,
): Promise<AmqpListener | undefined> {
  if (amqpsPort === undefined) return undefined;
  if (!tls) throw new Error('The service-bus emulator needs certificates (tls) to serve AMQP over TLS (amqpsPort).');
  return listenForAmqp({ ...shared, port: amqpsPort, tls });
}

function connectionStringOf(port: number, key: string): string {
  const endpoint = `Endpoint=sb://127.0.0.1:${port}`;
  return `${endpoint};SharedAccessKeyName=${KEY_NAME};SharedAccessKey=${key};UseDevelopmentEmulator=true`;
}
