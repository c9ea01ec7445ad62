/** Rules that hold between executions, instances and versions, each shown by one small run in virtual time. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { FunctionInvoker } from '../../../../local/functions-host/seams/invocation.ts';
import { df, sdkInvoker } from './harness/core-module.ts';
import { World } from './harness/virtual-world.ts';

type Context = import('durable-functions').OrchestrationContext;
const versionOf = (context: Context) => (context.df as unknown as { version: string | null }).version;
const inSeconds = (context: Context, seconds: number) =>
  new Date(context.df.currentUtcDateTime.getTime() + seconds * 1000);

df.app.activity('echo', { handler: (input: unknown) => input });
df.app.orchestration('countsDown', function* (context) {
  const left = (context.df.getInput() as { left: number }).left;
  yield context.df.callActivity('echo', left);
  if (left === 0) return 'zero';
  context.df.continueAsNew({ left: left - 1 });
  return null;
});
df.app.orchestration('parentOfCounter', function* (context) {
  return yield context.df.callSubOrchestrator('countsDown', { left: 3 }, 'counter');
});
df.app.orchestration('version', function* (context) {
  yield context.df.createTimer(context.df.currentUtcDateTime);
  return versionOf(context);
});
df.app.orchestration('versions', function* (context) {
  const own = versionOf(context);
  const inherited: unknown = yield context.df.callSubOrchestrator('version');
  return [own, inherited, yield context.df.callSubOrchestrator('version', undefined, 'named', '2.0')];
});
df.app.orchestration('sleeps', function* (context) {
  yield context.df.createTimer(inSeconds(context, 60));
  return yield context.df.callActivity('echo', 'woken');
});
df.app.orchestration('ticksOn', function* (context) {
  yield context.df.createTimer(inSeconds(context, 60));
  context.df.continueAsNew({});
});
df.app.setExceptionPropertiesProvider({
  getExceptionProperties: (error) => (error instanceof TypeError ? { code: 7 } : undefined),
});
df.app.activity('refuses', {
  handler: () => {
    throw new TypeError('no such type');
  },
});
df.app.orchestration('readsFailure', function* (context) {
  try {
    return yield context.df.callActivity('refuses');
  } catch (error) {
    const { message, ...rest } = error as Error & Record<string, unknown>;
    return [message, rest];
  }
});
let atOnce = { now: 0, most: 0 };
const release: (() => void)[] = [];
df.app.activity('takesTime', {
  handler: async () => {
    atOnce = { now: atOnce.now + 1, most: Math.max(atOnce.most, atOnce.now + 1) };
    await new Promise<void>((resolve) => release.push(resolve));
    atOnce = { ...atOnce, now: atOnce.now - 1 };
  },
});
df.app.orchestration('sixAtOnce', function* (context) {
  yield context.df.Task.all(Array.from({ length: 6 }, () => context.df.callActivity('takesTime')));
});
df.app.entity('Sum', (context) => {
  context.df.setState((context.df.getState(() => 0) as number) + 1);
});
// Typed away: that an orchestrator must not be asynchronous is the case.
df.app.orchestration('awaits', async function* (context: Context) {
  yield context.df.callActivity('echo', 1);
} as unknown as Parameters<typeof df.app.orchestration>[1]);

let world: World;
beforeEach(async () => {
  world = await new World(sdkInvoker).start();
});

const post = async (path: string) => {
  expect((await world.call('POST', path)).status).toBe(202);
  await world.host.whenIdle();
};

describe('executions', () => {
  test('a child that continues as new answers its parent when it ends', async () => {
    await world.begin('parentOfCounter');
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: 'zero' });
    expect(await world.status('counter')).toMatchObject({ runtimeStatus: 'Completed', input: { left: 0 } });
  });

  test('an eternal orchestration keeps one short history, and each execution has its own creation time', async () => {
    await world.begin('ticksOn');
    for (let tick = 0; tick < 20; tick += 1) await world.advance(60_000);
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Running', createdTime: '2026-01-01T00:20:00Z' });
    expect((await world.outline()).filter((entry) => /ExecutionStarted|TimerCreated/.test(entry))).toEqual([
      'ExecutionStarted',
      'TimerCreated#0',
    ]);
    await post('instances/i1/terminate?reason=enough');
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' });
  });
});

describe('versions', () => {
  test('a child without a version has the one of host.json, and one that is given wins', async () => {
    world = await new World(sdkInvoker, { defaultVersion: '1.5' }).start();
    await world.begin('versions');
    await world.advance(1000);
    await world.advance(1000);
    expect((await world.status()).output).toEqual(['1.5', '1.5', '2.0']);
  });
});

describe('limits of host.json', () => {
  test('only so many activities run at once as maxConcurrentActivityFunctions allows', async () => {
    world = await new World(sdkInvoker, { maxConcurrentActivityFunctions: 2 }).start();
    await world.call('POST', 'orchestrators/sixAtOnce/i1');
    for (let done = 0; done < 6; done += 1) {
      await expect.poll(() => release.length).toBeGreaterThan(0);
      release.shift()?.();
    }
    await world.host.whenIdle();
    expect(atOnce).toEqual({ now: 0, most: 2 });
    expect((await world.status()).runtimeStatus).toBe('Completed');
  });

  test('an entity serves at most maxEntityOperationBatchSize operations in one batch', async () => {
    const batches: number[] = [];
    const counting: FunctionInvoker = {
      functions: () => sdkInvoker.functions(),
      invoke: (request) => {
        if (request.functionName === 'Sum') {
          batches.push((JSON.parse(request.trigger.string ?? '{}') as { batch: unknown[] }).batch.length);
        }
        return sdkInvoker.invoke(request);
      },
    };
    world = await new World(counting, { maxEntityOperationBatchSize: 2 }).start();
    await Promise.all(Array.from({ length: 7 }, () => world.call('POST', 'entities/Sum/s?op=add', { body: 1 })));
    await world.host.whenIdle();
    expect((await world.call('GET', 'entities/Sum/s')).body).toBe('7');
    expect(Math.max(...batches)).toBe(2);
  });
});

describe('suspension', () => {
  test('a timer that falls due meanwhile is held until the instance is resumed', async () => {
    await world.begin('sleeps');
    await post('instances/i1/suspend?reason=wait');
    await world.advance(120_000);
    expect((await world.status()).runtimeStatus).toBe('Suspended');
    await world.restart();
    await post('instances/i1/resume?reason=go');
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: 'woken' });
  });
});

test('properties that the app gives to a failure reach the orchestrator', async () => {
  await world.begin('readsFailure');
  const [message, rest] = (await world.status()).output as [string, unknown];
  expect(message).toBe('TypeError: no such type');
  expect(JSON.stringify(rest)).toContain('"code":7');
  const failed = (await world.history()).find(({ EventType }) => EventType === 'TaskFailed');
  expect(failed).toMatchObject({ FailureDetails: { ErrorType: 'TypeError', Properties: { code: 7 } } });
});

test('an asynchronous orchestrator fails and is told about the constraint', async () => {
  await world.begin('awaits');
  expect(await world.status()).toMatchObject({
    runtimeStatus: 'Failed',
    output: expect.stringMatching(/Durable Functions programming constraint violation/i),
  });
});
