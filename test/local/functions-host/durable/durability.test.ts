/** The engine on a real Azurite: restarts, large values, corrupt rows, a second host. */
import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../../../local/emulator/manual-clock.ts';
import { connectTableStore } from '../../../../local/functions-host/durable/store/tables/connect-table-store.ts';
import { type Azurite, startAzurite } from './harness/azurite.ts';
import { df, sdkInvoker } from './harness/core-module.ts';
import { World } from './harness/virtual-world.ts';

df.app.activity('echo', { handler: (input: unknown) => input });
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

test('two hosts on one hub do not corrupt an instance that both work on', async () => {
  const clock = new ManualClock();
  const first = await world('Shared', clock);
  await first.begin('chain', 1);
  const second = await world('Shared', clock);
  await Promise.all([first.raise('Go', 1), second.raise('Go', 2)]);
  await first.advance(3_600_000);
  await second.host.whenIdle();
  await first.advance(60_000);
  await second.host.whenIdle();
  expect(await completed(first)).toMatchObject({ runtimeStatus: 'Completed', output: [1, 2] });
  const starts = (await first.history()).filter((event) => event.EventType === 'ExecutionStarted');
  expect(starts).toHaveLength(1);
  await Promise.all([first.host.stop(), second.host.stop()]);
});
