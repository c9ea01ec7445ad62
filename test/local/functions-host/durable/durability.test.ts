/** The engine on a real Azurite: restarts, large values, corrupt rows, a second host. */
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../../../local/emulator/manual-clock.ts';
import { connectTableStore } from '../../../../local/functions-host/durable/store/tables/connect-table-store.ts';
import { type Azurite, startAzurite } from './harness/azurite.ts';
import { df, sdkInvoker } from './harness/core-module.ts';
import { World } from './harness/virtual-world.ts';

df.app.activity('echo', { handler: (input: unknown) => input });
df.app.entity('Box', (context) => context.df.setState(context.df.getInput()));
df.app.orchestration('chain', function* (context) {
  const large: unknown = yield context.df.callActivity('echo', context.df.getInput());
  yield context.df.waitForExternalEvent('Go');
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 3_600_000));
  return [large, yield context.df.callActivity('echo', 2)];
});

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite?.stop());

const connect = (hubName: string) =>
  connectTableStore({ hubName, connectionName: 'S' }, { S: azurite.connectionString });
const world = (hubName: string, clock = new ManualClock()) =>
  new World(sdkInvoker, {}, connect(hubName), clock).start();

async function completed(it: World, instanceId = 'i1') {
  await it.host.whenIdle();
  return it.status(instanceId);
}

test('an instance goes on after restarts between its steps, with an input of 1 MB', async () => {
  const input = { text: 'ä'.repeat(1_000_000) };
  const it = await world('Restarts');
  await it.begin('chain', input);
  await it.restart();
  await it.raise('Go', 1);
  await it.restart();
  await it.advance(3_600_000);
  expect(await completed(it)).toMatchObject({ runtimeStatus: 'Completed', output: [input, 2], input });
  await it.host.stop();
});

test('a corrupt history row fails its instance and leaves the others running', async () => {
  const it = await world('Corrupt');
  await it.begin('chain', 1, 'bad');
  await it.begin('chain', 1, 'good');
  const history = TableClient.fromConnectionString(azurite.connectionString, 'CorruptHistory', {
    allowInsecureConnection: true,
  });
  await history.updateEntity({ partitionKey: 'bad', rowKey: '0000000000000001', EventType: 'Nonsense' }, 'Merge');
  await it.restart();
  await it.raise('Go', 1, 'bad');
  await it.raise('Go', 1, 'good');
  await it.advance(3_600_000);
  expect(await completed(it, 'bad')).toMatchObject({
    runtimeStatus: 'Failed',
    output: expect.stringContaining("PartitionKey 'bad', RowKey '0000000000000001'"),
  });
  expect(await completed(it, 'good')).toMatchObject({ runtimeStatus: 'Completed' });
  await it.host.stop();
});

test('an entity with a large state keeps one blob of it, however many batches it has served', async () => {
  const it = await world('LargeEntity');
  for (let batch = 1; batch <= 3; batch += 1) {
    const text = `${batch}`.repeat(40_000);
    expect((await it.call('POST', 'entities/Box/b?op=set', { body: { text } })).status).toBe(202);
    await it.host.whenIdle();
  }
  expect(JSON.parse((await it.call('GET', 'entities/Box/b')).body)).toEqual({ text: '3'.repeat(40_000) });
  const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
    'largeentity-largemessages',
  );
  const names: string[] = [];
  for await (const { name } of container.listBlobsFlat({ prefix: '@box@b/history-' })) names.push(name);
  expect(names).toHaveLength(1);
  const instances = TableClient.fromConnectionString(azurite.connectionString, 'LargeEntityInstances', {
    allowInsecureConnection: true,
  });
  expect(await instances.getEntity('@box@b', '')).toMatchObject({ CustomStatus: '{"entityExists":true}' });
  await it.host.stop();
});

test('a corrupt message row fails its instance, names the row, and leaves the others running', async () => {
  const it = await world('BadMessage');
  for (const id of ['bad', 'good']) {
    await it.begin('chain', 1, id);
    await it.raise('Go', 1, id);
  }
  await it.host.stop();
  const messages = TableClient.fromConnectionString(azurite.connectionString, 'BadMessageMessages', {
    allowInsecureConnection: true,
  });
  const [timer] = (await it.store.loadMessages()).filter(({ instanceId, id }) => instanceId === 'bad' && id[0] === 't');
  const rowKey = timer?.id ?? '';
  await messages.updateEntity({ partitionKey: 'bad', rowKey, Body: '{"kind":"event"' }, 'Merge');
  await messages.upsertEntity({ partitionKey: '@tally@x', rowKey: 'e.1.1', Body: '{}' }, 'Replace');
  await it.start();
  expect(await completed(it, 'bad')).toMatchObject({
    runtimeStatus: 'Failed',
    output: expect.stringContaining(`PartitionKey 'bad', RowKey '${rowKey}'`),
  });
  expect(it.logged.filter((line) => line.includes("PartitionKey '@tally@x', RowKey 'e.1.1'"))).toHaveLength(1);
  await it.advance(3_600_000);
  expect(await completed(it, 'good')).toMatchObject({ runtimeStatus: 'Completed', output: [1, 2] });
  expect((await it.outline('bad')).slice(-2)).toEqual(['ExecutionCompleted', 'OrchestratorCompleted']);
  await it.host.stop();
});

test('a second host on one hub refuses to start and says whom to stop; after the first has stopped it starts', async () => {
  const first = await world('Shared');
  await first.begin('chain', 1);
  await expect(world('Shared')).rejects.toThrow(new RegExp(`'Shared' is in use by process ${process.pid}`));
  await first.host.stop();
  const second = await world('Shared');
  await second.raise('Go', 1);
  await second.advance(3_600_000);
  expect(await completed(second)).toMatchObject({ runtimeStatus: 'Completed', output: [1, 2] });
  await second.host.stop();
});
