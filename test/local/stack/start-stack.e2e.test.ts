/** The whole local Azure with a small app: an event travels from Azure ML to the app and into storage, and survives faults. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { TableClient } from '@azure/data-tables';
import { LogsQueryClient } from '@azure/monitor-query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processIdentity } from '../../../local/stack/processes/process-identity.ts';
import { type RunningStack, startStack } from '../../../local/stack/start-stack.ts';

let stateFolder: string;
let stack: RunningStack;
const steps: string[] = [];

beforeAll(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'stack-'));
  stack = await startStack({
    stateFolder,
    scriptRoot: join(import.meta.dirname, 'fixtures', 'app'),
    exitOnSignal: false,
    log: (line) => steps.push(line),
  });
});
afterAll(async () => {
  await stack.stop();
  await rm(stateFolder, { recursive: true });
});

const credential = {
  async getToken(scopes: string | string[]) {
    const resource = [scopes].flat()[0]?.replace(/\/\.default$/, '') ?? '';
    const { value, expiresOnSeconds } = await stack.identity.issueToken(resource);
    return { token: value, expiresOnTimestamp: expiresOnSeconds * 1000 };
  },
};

async function registerModel(version: string): Promise<void> {
  const { subscriptionId, resourceGroup, name } = stack.workspace;
  const client = new AzureMachineLearningWorkspaces(credential, subscriptionId, {
    endpoint: stack.addresses.azureMl,
    credentialScopes: 'https://management.azure.com/.default',
  });
  await client.modelVersions.createOrUpdate(resourceGroup, name, 'flights', version, {
    properties: { modelType: 'custom_model', modelUri: 'azureml://datastores/workspaceblobstore/paths/models/flights' },
  });
}

interface Received {
  readonly subject: string;
  readonly topic: string;
}

async function received(): Promise<Received[]> {
  const response = await fetch(`${stack.addresses.host}/api/received`);
  return (await response.json()) as Received[];
}

async function eventuallyReceived(subject: string): Promise<Received> {
  const deadlineMs = Date.now() + 30_000;
  for (;;) {
    const found = (await received().catch(() => [])).find((one) => one.subject === subject);
    if (found) return found;
    if (Date.now() > deadlineMs)
      throw new Error(`${subject} did not arrive: ${JSON.stringify(stack.services.eventGrid.deliveries())}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a registered model version reaches the app, which stores it as its managed identity', async () => {
  await registerModel('1');
  expect((await eventuallyReceived('models/flights:1')).topic).toBe(stack.workspaceArmId);
});

test('an event that comes while the host is dead arrives after its restart', async () => {
  await stack.host?.kill('SIGKILL');
  await registerModel('2');
  await stack.host?.restart();
  await eventuallyReceived('models/flights:2');
  const attempts = stack.services.eventGrid.deliveries().filter(({ subject }) => subject === 'models/flights:2');
  expect(attempts[0]).toMatchObject({ outcome: 'SocketError', state: 'Retrying' });
  expect(attempts.at(-1)).toMatchObject({ state: 'Delivered' });
});

test('this process reaches tables and logs over TLS without further set-up', async () => {
  const table = new TableClient(stack.addresses.tables, 'proof', credential);
  await table.createTable();
  await table.createEntity({ partitionKey: 'p', rowKey: 'r' });
  expect(await table.getEntity('p', 'r')).toMatchObject({ rowKey: 'r' });
  const logs = new LogsQueryClient(credential, { endpoint: stack.addresses.monitor });
  const answer = await logs.queryWorkspace(stack.logAnalyticsWorkspaceId, 'AmlOnlineEndpointTrafficLog | count', {
    duration: 'PT1H',
  });
  expect(answer).toMatchObject({ tables: [{ rows: [[0]] }] });
});

test('stack.json has every address, the secret that signs operator tokens, and is readable by its owner only', async () => {
  const path = join(stateFolder, 'stack.json');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const content = await readFile(path, 'utf8');
  const { caPath, tokenSecret, topicKey } = stack.credentials;
  expect(JSON.parse(content)).toMatchObject({ addresses: stack.addresses, caPath, tokenSecret, topicKey });
});

test('every step is told, the host last', () => {
  expect(steps.findIndex((line) => line.startsWith('Identity'))).toBe(0);
  expect(steps.findIndex((line) => line.startsWith('Functions host'))).toBeGreaterThan(
    steps.findIndex((line) => line.startsWith('Azure ML')),
  );
});

test('a second stack in the same folder is refused while the first one runs', async () => {
  const main = join(import.meta.dirname, 'start-in-folder.ts');
  const run = promisify(execFile)(process.execPath, [main, stateFolder], { timeout: 20_000 });
  await expect(run).rejects.toMatchObject({ stderr: expect.stringContaining(`process ${process.pid}`) });
});

test('stopping ends every process and removes stack.json', async () => {
  const book = JSON.parse(await readFile(join(stateFolder, 'stack.pid.json'), 'utf8')) as {
    children: { pid: number }[];
  };
  expect(book.children).toHaveLength(2);
  await stack.stop();
  expect(book.children.map(({ pid }) => processIdentity(pid))).toEqual([undefined, undefined]);
  await expect(stat(join(stateFolder, 'stack.json'))).rejects.toThrow('ENOENT');
  await expect(fetch(stack.addresses.host)).rejects.toThrow();
});
