/** Azurite's queue service on a free port as a child process, state in memory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { QueueServiceClient } from '@azure/storage-queue';

/** The well-known key of the development account. */
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const AZURITE = fileURLToPath(new URL('../../../node_modules/.bin/azurite-queue', import.meta.url));
const READY_WITHIN_MS = 30_000;

export interface QueueStorage {
  readonly connectionString: string;
  readonly service: QueueServiceClient;
  stop(): Promise<void>;
}

export async function startQueueStorage(): Promise<QueueStorage> {
  const port = await freePort();
  const flags = ['--inMemoryPersistence', '--silent', '--skipApiVersionCheck', '--disableTelemetry', '--loose'];
  const child = spawn(AZURITE, ['--queuePort', String(port), ...flags], { stdio: 'ignore' });
  const account = `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${KEY};`;
  const connectionString = `${account}QueueEndpoint=http://127.0.0.1:${port}/devstoreaccount1;`;
  const service = QueueServiceClient.fromConnectionString(connectionString);
  try {
    await answers(service);
  } catch (error) {
    await end(child);
    throw error;
  }
  return { connectionString, service, stop: () => end(child) };
}

async function answers(service: QueueServiceClient): Promise<void> {
  const deadlineMs = Date.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await service.listQueues().next();
      return;
    } catch (cause) {
      if (Date.now() > deadlineMs) throw new Error('The queue service did not answer in time.', { cause });
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port was found.');
  return address.port;
}
