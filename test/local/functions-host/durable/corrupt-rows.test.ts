/** What cannot be read in storage concerns its own instance, is named, and can be purged; everybody else goes on. */
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../../../local/emulator/manual-clock.ts';
import { wireTime } from '../../../../local/functions-host/durable/engine/wire-time.ts';
import type { Message } from '../../../../local/functions-host/durable/store/message.ts';
import { connectTableStore } from '../../../../local/functions-host/durable/store/tables/connect-table-store.ts';
import { type Azurite, startAzurite } from './harness/azurite.ts';
import { df, sdkInvoker } from './harness/core-module.ts';
import { World } from './harness/virtual-world.ts';

df.app.entity('Box', (context) => context.df.setState(context.df.getInput()));
df.app.orchestration('waits', function* (context) {
  return yield context.df.waitForExternalEvent('Go');
});

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite?.stop());

function world(hubName: string): Promise<World> {
  const store = connectTableStore({ hubName, connectionName: 'S' }, { S: azurite.connectionString });
  return new World(sdkInvoker, {}, store, new ManualClock()).start();
}

const table = (name: string) =>
  TableClient.fromConnectionString(azurite.connectionString, name, { allowInsecureConnection: true });

async function idsOf(it: World, list: string): Promise<string[]> {
  const { status, body } = await it.call('GET', list);
  expect(status).toBe(200);
  return (JSON.parse(body) as { instanceId?: string; entityId?: { key: string } }[]).map(
    ({ instanceId, entityId }) => instanceId ?? entityId?.key ?? '',
  );
}

/** What a client's start leaves in storage before its first turn. */
function startOf(instanceId: string): Message {
  return {
    kind: 'event',
    id: 's.e1',
    instanceId,
    executionId: null,
    dueMs: 0,
    sequence: 0,
    origin: null,
    event: {
      EventType: 'ExecutionStarted',
      EventId: -1,
      Timestamp: wireTime(0),
      Name: 'waits',
      Version: null,
      Input: null,
      OrchestrationInstance: { InstanceId: instanceId, ExecutionId: 'e1' },
      ParentInstance: null,
      Tags: null,
    },
  };
}

async function completes(it: World, instanceId: string): Promise<void> {
  await it.raise('Go', 1, instanceId);
  expect(await it.status(instanceId)).toMatchObject({ runtimeStatus: 'Completed', output: 1 });
}

test('an Instances row that cannot be read is a 500 that names it, is left out of lists, and can be purged', async () => {
  const it = await world('BadInstance');
  for (const id of ['bad', 'good']) await it.begin('waits', 1, id);
  await table('BadInstanceInstances').updateEntity({ partitionKey: 'bad', rowKey: '', RuntimeStatus: 'No' }, 'Merge');
  const asked = [
    ['GET', 'instances/bad'],
    ['POST', 'instances/bad/raiseEvent/Go'],
    ['POST', 'orchestrators/waits/bad'],
  ] as const;
  for (const [method, path] of asked) {
    const { status, body } = await it.call(method, path, method === 'POST' ? { body: 1 } : {});
    expect(status).toBe(500);
    expect((JSON.parse(body) as { ExceptionMessage: string }).ExceptionMessage).toMatch(
      /Instances row \(PartitionKey 'bad', RowKey ''\) is corrupt: .*RuntimeStatus.* Purge the instance/s,
    );
  }
  expect(await idsOf(it, 'instances')).toEqual(['good']);
  expect(it.logged.filter((line) => /PartitionKey 'bad'.*left out of the list/s.test(line))).toHaveLength(1);
  await completes(it, 'good');
  expect((await it.call('DELETE', 'instances/bad')).status).toBe(200);
  expect((await it.call('GET', 'instances/bad')).status).toBe(404);
  await it.host.stop();
});

test('a start whose Instances row cannot be read does not keep the host from starting', async () => {
  const it = await world('BadStart');
  await it.begin('waits', 1, 'good');
  await it.host.stop();
  await it.store.open();
  await it.store.changeMessages({ instanceId: 'bad', put: [startOf('bad')], remove: [] });
  await it.store.close();
  await table('BadStartInstances').upsertEntity({ partitionKey: 'bad', rowKey: '', Name: 'waits' }, 'Replace');
  await it.start();
  await it.host.whenIdle();
  await completes(it, 'good');
  await it.host.stop();
});

test('a History row whose large value is gone fails its instance and names the row', async () => {
  const it = await world('GoneBlob');
  for (const id of ['bad', 'good']) await it.begin('waits', 'x'.repeat(40_000), id);
  const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
  const container = blobs.getContainerClient('goneblob-largemessages');
  for await (const { name } of container.listBlobsFlat({ prefix: 'bad/history-' })) await container.deleteBlob(name);
  await it.restart();
  await it.raise('Go', 1, 'bad');
  expect(await it.status('bad')).toMatchObject({
    runtimeStatus: 'Failed',
    output: expect.stringMatching(/History row \(PartitionKey 'bad', RowKey '0{15}1'\) is corrupt: its blob/),
  });
  await completes(it, 'good');
  await it.host.stop();
});

test('a sentinel row that cannot be read fails its instance and names the row', async () => {
  const it = await world('BadSentinel');
  for (const id of ['bad', 'good']) await it.begin('waits', 1, id);
  await table('BadSentinelHistory').updateEntity(
    { partitionKey: 'bad', rowKey: 'sentinel', ConsumedMessageIds: '["a"' },
    'Merge',
  );
  await it.restart();
  await it.raise('Go', 1, 'bad');
  expect(await it.status('bad')).toMatchObject({
    runtimeStatus: 'Failed',
    output: expect.stringMatching(/PartitionKey 'bad', RowKey 'sentinel'.*ConsumedMessageIds/s),
  });
  await completes(it, 'good');
  await it.host.stop();
});

test('an entity whose state cannot be read is a 500 that names it, and is left out of the list', async () => {
  const it = await world('BadEntity');
  for (const key of ['bad', 'good']) await it.call('POST', `entities/Box/${key}?op=set`, { body: { key } });
  await it.host.whenIdle();
  await table('BadEntityInstances').updateEntity({ partitionKey: '@box@bad', rowKey: '', Input: '{' }, 'Merge');
  const { status, body } = await it.call('GET', 'entities/Box/bad');
  expect([status, body]).toEqual([500, expect.stringContaining("Instances row of '@box@bad' is corrupt")]);
  expect(await idsOf(it, 'entities/Box')).toEqual(['good']);
  expect(it.logged.filter((line) => line.includes("'@box@bad' is corrupt"))).not.toEqual([]);
  await it.host.stop();
});
