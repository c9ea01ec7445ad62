/** Azurite's table and blob services on free ports as child processes, state in memory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const READY_WITHIN_MS = 30_000;

export interface Azurite {
  readonly connectionString: string;
  stop(): Promise<void>;
}

export async function startAzurite(): Promise<Azurite> {
  const [tablePort, blobPort] = [await freePort(), await freePort()];
  const common = ['--inMemoryPersistence', '--silent', '--skipApiVersionCheck', '--disableTelemetry', '--loose'];
  const children = [
    spawn('node_modules/.bin/azurite-table', ['--tablePort', String(tablePort), ...common], { stdio: 'ignore' }),
    spawn('node_modules/.bin/azurite-blob', ['--blobPort', String(blobPort), ...common], { stdio: 'ignore' }),
  ];
  const stop = async () => {
    await Promise.all(children.map(end));
  };
  try {
    await Promise.all([answers(tablePort), answers(blobPort)]);
  } catch (error) {
    await stop();
    throw error;
  }
  const account = `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${KEY};`;
  const endpoints = [
    `TableEndpoint=http://127.0.0.1:${tablePort}/devstoreaccount1;`,
    `BlobEndpoint=http://127.0.0.1:${blobPort}/devstoreaccount1;`,
  ];
  return { connectionString: account + endpoints.join(''), stop };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function answers(port: number): Promise<void> {
  const deadlineMs = Date.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch (error) {
      if (Date.now() > deadlineMs) throw new Error(`Azurite did not answer on port ${port}.`, { cause: error });
      await pause(50);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port was found.');
  return address.port;
}
