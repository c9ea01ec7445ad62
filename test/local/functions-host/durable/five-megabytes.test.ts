/** Values of 5 MB pass through every way in and out of an instance, and a purge leaves nothing of them. */
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ManualClock } from '../../../../local/emulator/manual-clock.ts';
import { MemoryStore } from '../../../../local/functions-host/durable/store/memory-store.ts';
import { connectTableStore } from '../../../../local/functions-host/durable/store/tables/connect-table-store.ts';
import { type Azurite, startAzurite } from './harness/azurite.ts';
import { df, sdkInvoker } from './harness/core-module.ts';
import { World } from './harness/virtual-world.ts';

// Compressing and storing 5 MB many times over takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const LENGTH = 5 * 1024 * 1024;
const HUB = 'FiveMegabytes';
const large = (letter: string) => ({ text: letter.repeat(LENGTH) });
/** Short enough for an assertion that fails to be readable. */
const gist = (value: unknown) => {
  const { text } = value as { text: string };
  return `${text[0]} x ${text.length}`;
};

df.app.activity('echo', { handler: (input: unknown) => input });
df.app.activity('refuse', {
  handler: () => {
    throw new Error('r'.repeat(LENGTH));
  },
});
df.app.entity('Box', (context) => {
  const before = context.df.getState(() => null);
  if (context.df.operationName === 'set') context.df.setState(context.df.getInput());
  context.df.return(before);
});
df.app.orchestration('child', function* (context) {
  return yield context.df.callActivity('echo', context.df.getInput());
});
df.app.orchestration('through-activity', function* (context) {
  return yield context.df.callActivity('echo', context.df.getInput());
});
df.app.orchestration('through-child', function* (context) {
  return yield context.df.callSubOrchestrator('child', context.df.getInput(), `${context.df.instanceId}-child`);
});
df.app.orchestration('through-event', function* (context) {
  return yield context.df.waitForExternalEvent('Large');
});
df.app.orchestration('through-entity', function* (context) {
  const box = new df.EntityId('Box', 'called');
  yield context.df.callEntity(box, 'set', context.df.getInput());
  return yield context.df.callEntity(box, 'get');
});
df.app.orchestration('through-executions', function* (context) {
  const { round, value } = context.df.getInput() as { round: number; value: unknown };
  if (round === 2) return value;
  yield context.df.callActivity('echo', 1);
  context.df.continueAsNew({ round: round + 1, value });
  return null;
});
df.app.orchestration('refused', function* (context) {
  yield context.df.callActivity('refuse');
});

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite?.stop());

async function bodyOf(world: World, instanceId: string, query = 'showInput=true') {
  const response = await world.call('GET', `instances/${instanceId}?${query}`);
  expect(response.status).toBe(200);
  return JSON.parse(response.body) as { runtimeStatus: string; input: unknown; output: unknown };
}

/** Everything that storage still holds: `table: keys` and blob names. */
async function remains(): Promise<string[]> {
  const options = { allowInsecureConnection: true };
  const found: string[] = [];
  for (const table of ['Instances', 'History', 'Messages']) {
    const client = TableClient.fromConnectionString(azurite.connectionString, `${HUB}${table}`, options);
    for await (const { partitionKey, rowKey } of client.listEntities())
      found.push(`${table}: ${partitionKey} ${rowKey}`);
  }
  const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
  const container = blobs.getContainerClient(`${HUB.toLowerCase()}-largemessages`);
  for await (const { name } of container.listBlobsFlat()) found.push(name);
  return found;
}

const stores = [
  ['memory', () => new MemoryStore()],
  ['Azurite', () => connectTableStore({ hubName: HUB, connectionName: 'S' }, { S: azurite.connectionString })],
] as const;

describe.each(stores)('5 MB on %s', (kind, connect) => {
  let world: World;
  beforeAll(async () => {
    world = await new World(sdkInvoker, {}, connect(), new ManualClock()).start();
  });
  afterAll(() => world?.host.stop());

  test.each(['through-activity', 'through-child', 'through-entity'])('%s, in and out', async (name) => {
    await world.begin(name, large('a'), name);
    const { runtimeStatus, input, output } = await bodyOf(world, name);
    expect([runtimeStatus, gist(input), gist(output)]).toEqual(['Completed', `a x ${LENGTH}`, `a x ${LENGTH}`]);
  });

  test('as an event, also one that waits through a restart', async () => {
    await world.begin('through-event', 1, 'through-event');
    await world.call('POST', 'instances/through-event/suspend?reason=wait', {});
    await world.host.whenIdle();
    expect((await world.raise('Large', large('e'), 'through-event')).status).toBe(202);
    await world.restart();
    await world.call('POST', 'instances/through-event/resume?reason=go', {});
    await world.host.whenIdle();
    expect(gist((await bodyOf(world, 'through-event')).output)).toBe(`e x ${LENGTH}`);
  });

  test('as the input of the next execution', async () => {
    await world.begin('through-executions', { round: 0, value: large('n') }, 'through-executions');
    expect(gist((await bodyOf(world, 'through-executions')).output)).toBe(`n x ${LENGTH}`);
  });

  test('as the input and state of an entity that is signalled over HTTP', async () => {
    expect((await world.call('POST', 'entities/Box/signalled?op=set', { body: large('s') })).status).toBe(202);
    await world.host.whenIdle();
    await world.restart();
    const { status, body } = await world.call('GET', 'entities/Box/signalled');
    expect([status, gist(JSON.parse(body))]).toEqual([200, `s x ${LENGTH}`]);
  });

  test('as the text of a failure', async () => {
    await world.begin('refused', undefined, 'refused');
    const { runtimeStatus, output } = await bodyOf(world, 'refused');
    expect(runtimeStatus).toBe('Failed');
    expect(String(output).length).toBeGreaterThan(LENGTH);
  });

  test('the history shows inputs and results on request', async () => {
    const { historyEvents } = (await bodyOf(
      world,
      'through-activity',
      'showHistory=true&showHistoryOutput=true&showInput=true',
    )) as unknown as { historyEvents: { EventType: string; Result?: unknown }[] };
    const completed = historyEvents.find(({ EventType }) => EventType === 'TaskCompleted');
    expect(gist(completed?.Result)).toBe(`a x ${LENGTH}`);
  });

  test('a purge of each instance leaves nothing in storage', async () => {
    const page = await world.store.listInstances({ top: 100 });
    expect(page.records.length).toBeGreaterThanOrEqual(8);
    for (const { instanceId } of page.records) {
      expect((await world.call('DELETE', `instances/${instanceId}`)).status).toBe(200);
    }
    expect((await world.store.listInstances({ top: 100 })).records).toEqual([]);
    if (kind === 'Azurite') expect(await remains()).toEqual([]);
  });
});
