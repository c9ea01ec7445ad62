/** Weeks pass in virtual time without sleeps, and a run with the same seed is the same run. */
import { setImmediate as immediate } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../../local/emulator/manual-clock.ts';
import {
  createDurableHost,
  type LocalDurableHost,
} from '../../../../local/functions-host/durable/create-durable-host.ts';
import { MemoryStore } from '../../../../local/functions-host/durable/store/memory-store.ts';
import { advanceTo, runUntilIdle } from '../../../../local/functions-host/virtual-time.ts';
import { seededRandom } from '../../../crash/seeded-random.ts';
import { df, sdkInvoker } from './harness/core-module.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);
let order: string[] = [];

df.app.activity('slowInRealTime', {
  handler: async (name: string) => {
    for (let round = 0; round < 20; round += 1) await immediate();
    order.push(name);
    return name;
  },
});
df.app.orchestration('patient', function* (context) {
  const name = context.df.getInput() as string;
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 30 * DAY_MS));
  yield context.df.callActivity('slowInRealTime', name);
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + DAY_MS));
  const children = [1, 2, 3].map((child) => context.df.callSubOrchestrator('child', `${name}.${child}`));
  yield context.df.Task.all(children);
  return context.df.currentUtcDateTime.toISOString();
});
df.app.orchestration('child', function* (context) {
  return yield context.df.callActivity('slowInRealTime', context.df.getInput());
});

interface World {
  readonly clock: ManualClock;
  readonly store: MemoryStore;
  readonly host: LocalDurableHost;
}

async function worldOf(seed: number): Promise<World> {
  const [clock, store, random] = [new ManualClock(START_MS), new MemoryStore(), seededRandom(seed)];
  const digit = () => Math.floor(random() * 16).toString(16);
  const newId = () => Array.from({ length: 32 }, digit).join('');
  const log = () => undefined;
  const host = await createDurableHost({ invoker: sdkInvoker, section: {}, settings: {}, clock, log, store, newId });
  await host.start();
  return { clock, store, host };
}

async function start({ host }: World, name: string): Promise<void> {
  await host.manage({
    method: 'POST',
    path: `orchestrators/patient/${name}`,
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(name)),
    publicBaseUrl: 'http://localhost:7071/runtime/webhooks/durabletask',
  });
}

async function endOf({ store }: World, name: string): Promise<unknown> {
  return (await store.readInstance(name))?.output;
}

beforeEach(() => {
  order = [];
});

test('a wait of thirty days and one of a day after it end on the millisecond although activities take real time', async () => {
  const world = await worldOf(1);
  await start(world, 'a');
  await runUntilIdle(world.host, world.clock, START_MS + 365 * DAY_MS);
  expect(await endOf(world, 'a')).toBe(JSON.stringify(new Date(START_MS + 31 * DAY_MS).toISOString()));
  expect(world.clock.nowMs()).toBe(START_MS + 31 * DAY_MS);
  await world.host.stop();
});

test('nothing runs before its time, and the clock stands where it was sent', async () => {
  const world = await worldOf(1);
  await start(world, 'a');
  await advanceTo(world.host, world.clock, START_MS + 30 * DAY_MS - 1);
  expect(order).toEqual([]);
  expect(world.clock.nowMs()).toBe(START_MS + 30 * DAY_MS - 1);
  await advanceTo(world.host, world.clock, START_MS + 30 * DAY_MS);
  expect(order).toEqual(['a']);
  await world.host.stop();
});

test('two runs from one seed have the same histories and the same order; another seed gives other ids', async () => {
  const run = async (seed: number) => {
    order = [];
    const world = await worldOf(seed);
    for (const name of ['a', 'b', 'c']) await start(world, name);
    await runUntilIdle(world.host, world.clock, START_MS + 365 * DAY_MS);
    const { records } = await world.store.listInstances({ top: 1_000 });
    const histories = await Promise.all(records.map(({ instanceId }) => world.store.readHistory(instanceId)));
    await world.host.stop();
    return { order, records, histories };
  };
  const first = await run(7);
  expect(first.records).toHaveLength(12);
  expect(await run(7)).toEqual(first);
  expect((await run(8)).records).not.toEqual(first.records);
});
