/**
 * Azurite as a child process: blobs, queues and tables over TLS, by account key and by bearer token.
 *
 * The account has a name of its own and a key made now. `--skipApiVersionCheck` lets the newest storage SDK in;
 * `--disableTelemetry` keeps it from calling out (Azurite 3.37.0 documentation, command line options).
 */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import type { DevCertificates } from '../../emulator/certificates.ts';
import { baseEnvironment, type RunningChild, startChild } from './child-process.ts';
import { freePorts } from './free-port.ts';
import type { ProcessBook } from './process-book.ts';

export interface AzuriteOptions {
  readonly tls: DevCertificates;
  readonly book: ProcessBook;
  /** Where data is kept; in memory when absent. */
  readonly location?: string | undefined;
  /** Ports of the blob, queue and table service; 0 or absent picks a free one. */
  readonly ports?: { readonly blob?: number; readonly queue?: number; readonly table?: number };
  readonly cwd: string;
}

export interface RunningAzurite {
  readonly accountName: string;
  readonly accountKey: string;
  readonly connectionString: string;
  readonly blobUrl: string;
  readonly queueUrl: string;
  readonly tableUrl: string;
  readonly process: RunningChild;
}

export const STORAGE_ACCOUNT_NAME = 'slipwaylocal';
const READY_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/** Resolves when all three services take connections; throws with Azurite's output when it ends or takes too long. */
export async function startAzurite(options: AzuriteOptions): Promise<RunningAzurite> {
  const accountKey = randomBytes(64).toString('base64');
  const [blob = 0, queue = 0, table = 0] = await choosePorts(options.ports ?? {});
  const child = startChild({
    name: 'azurite',
    nodeArguments: [azuriteScript(), ...azuriteArguments(options, { blob, queue, table })],
    cwd: options.cwd,
    environment: { ...baseEnvironment(), AZURITE_ACCOUNTS: `${STORAGE_ACCOUNT_NAME}:${accountKey}` },
    book: options.book,
  });
  await waitUntilListening(child, [blob, queue, table]);
  const url = (port: number) => `https://127.0.0.1:${port}/${STORAGE_ACCOUNT_NAME}`;
  const [blobUrl, queueUrl, tableUrl] = [url(blob), url(queue), url(table)];
  const connectionString = [
    'DefaultEndpointsProtocol=https',
    `AccountName=${STORAGE_ACCOUNT_NAME}`,
    `AccountKey=${accountKey}`,
    `BlobEndpoint=${blobUrl}`,
    `QueueEndpoint=${queueUrl}`,
    `TableEndpoint=${tableUrl}`,
  ].join(';');
  return {
    accountName: STORAGE_ACCOUNT_NAME,
    accountKey,
    connectionString,
    blobUrl,
    queueUrl,
    tableUrl,
    process: child,
  };
}

function azuriteScript(): string {
  return createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
}

async function choosePorts(wanted: NonNullable<AzuriteOptions['ports']>): Promise<number[]> {
  const free = await freePorts(3);
  return [wanted.blob, wanted.queue, wanted.table].map((port, index) => port || (free[index] ?? 0));
}

function azuriteArguments(
  { tls, location }: AzuriteOptions,
  ports: { blob: number; queue: number; table: number },
): string[] {
  const services = Object.entries(ports).flatMap(([service, port]) => [
    `--${service}Host`,
    '127.0.0.1',
    `--${service}Port`,
    String(port),
  ]);
  const storage = location === undefined ? ['--inMemoryPersistence'] : ['--location', location];
  const access = ['--oauth', 'basic', '--cert', tls.certPath, '--key', tls.keyPath];
  return [...services, ...storage, ...access, '--silent', '--skipApiVersionCheck', '--disableTelemetry'];
}

async function waitUntilListening(child: RunningChild, ports: readonly number[]): Promise<void> {
  const deadlineMs = Date.now() + READY_TIMEOUT_MS;
  for (const port of ports) {
    while (!(await accepts(port))) {
      if (!child.isRunning()) throw new Error(`Azurite ended while it started:\n${child.tail()}`);
      if (Date.now() > deadlineMs) {
        await child.stop();
        throw new Error(`Azurite was not ready within ${READY_TIMEOUT_MS / 1000} s:\n${child.tail()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });
}
