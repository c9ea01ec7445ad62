/** Orchestrators of the real SDK through the whole engine, in virtual time on the memory store. */
import { beforeEach, describe, expect, test } from 'vitest';
import { df, sdkInvoker } from './harness/core-module.ts';
import { World } from './harness/virtual-world.ts';

let attempts = 0;
df.app.activity('echo', { handler: (input: unknown) => input });
df.app.activity('nothing', { handler: () => undefined });
df.app.activity('kindOf', { handler: (input: unknown) => `${typeof input}:${String(input)}` });
df.app.activity('failsTwice', {
  handler: () => {
    attempts += 1;
    if (attempts <= 2) throw new Error('boom');
    return 'third time';
  },
});
df.app.activity('alwaysFails', {
  handler: () => {
    throw new Error('boom');
  },
});

df.app.orchestration('chain', function* (context) {
  const first: unknown = yield context.df.callActivity('echo', { x: 1 });
  const second: unknown = yield context.df.callActivity('echo', 'text');
  return [first, second, context.df.getInput()];
});
df.app.orchestration('inputKinds', function* (context) {
  const results: unknown[] = [];
  for (const input of ['text', 5, { a: 1 }, true, undefined])
    results.push(yield context.df.callActivity('kindOf', input));
  results.push(yield context.df.callActivity('nothing'));
  return results;
});
df.app.orchestration('fanOut', function* (context) {
  const tasks = Array.from({ length: 150 }, (_, index) => context.df.callActivity('echo', index));
  const results = (yield context.df.Task.all(tasks)) as number[];
  return results.reduce((sum, value) => sum + value, 0);
});
df.app.orchestration('retries', function* (context) {
  return yield context.df.callActivityWithRetry('failsTwice', new df.RetryOptions(5000, 3));
});
df.app.orchestration('exhausted', function* (context) {
  const options = new df.RetryOptions(5000, 3);
  options.backoffCoefficient = 2;
  return yield context.df.callActivityWithRetry('alwaysFails', options);
});
df.app.orchestration('waits', function* (context) {
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 10 * 86_400_000));
  return context.df.currentUtcDateTime.toISOString();
});
df.app.orchestration('approval', function* (context) {
  const timeout = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 3_600_000));
  const approval = context.df.waitForExternalEvent('Approval');
  const winner: unknown = yield context.df.Task.any([approval, timeout]);
  if (winner === timeout) return 'timed out';
  timeout.cancel();
  return yield context.df.callActivity('echo', approval.result);
});
df.app.orchestration('parent', function* (context) {
  const given = (yield context.df.callSubOrchestrator('child', { a: 1 }, 'my-child')) as unknown;
  const generated = (yield context.df.callSubOrchestrator('child', { a: 2 })) as unknown;
  return [given, generated];
});
df.app.orchestration('child', function* (context) {
  return yield context.df.callActivity('echo', context.df.getInput());
});
df.app.orchestration('failingChild', function* (context) {
  return yield context.df.callActivity('alwaysFails');
});
df.app.orchestration('parentOfFailing', function* (context) {
  try {
    yield context.df.callSubOrchestratorWithRetry('failingChild', new df.RetryOptions(1000, 2), null, 'kid');
    return 'unexpected';
  } catch (error) {
    return (error as Error).message;
  }
});
df.app.orchestration('counter', function* (context) {
  const { n } = context.df.getInput() as { n: number };
  yield context.df.callActivity('echo', n);
  if (n === 2) context.df.setCustomStatus({ at: n });
  if (n < 4) context.df.continueAsNew({ n: n + 1 });
  return n;
});
df.app.orchestration('replaying', function* (context) {
  const before = context.df.isReplaying;
  yield context.df.callActivity('nothing');
  return [before, context.df.isReplaying];
});

let world: World;
beforeEach(async () => {
  attempts = 0;
  world = await new World(sdkInvoker).start();
});

describe('activities', () => {
  test('a chain passes results on and ends with the output', async () => {
    await world.begin('chain', { given: true });
    expect(await world.status()).toMatchObject({
      runtimeStatus: 'Completed',
      output: [{ x: 1 }, 'text', { given: true }],
      input: { given: true },
    });
    expect(await world.outline()).toEqual([
      'OrchestratorStarted',
      'ExecutionStarted',
      'TaskScheduled#0',
      'OrchestratorCompleted',
      'OrchestratorStarted',
      'TaskCompleted#0',
      'TaskScheduled#1',
      'OrchestratorCompleted',
      'OrchestratorStarted',
      'TaskCompleted#1',
      'ExecutionCompleted',
      'OrchestratorCompleted',
    ]);
  });

  test('inputs arrive as the extension converts them', async () => {
    await world.begin('inputKinds');
    const { output } = await world.status();
    expect(output).toEqual([
      'string:text',
      'number:5',
      'object:[object Object]',
      'string:True',
      'undefined:undefined',
      null,
    ]);
  });

  test('a fan-out of 150 is larger than one turn takes and still complete', async () => {
    await world.begin('fanOut');
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: 11_175 });
  });

  test('a start without input gives the orchestrator null over HTTP', async () => {
    await world.begin('chain');
    expect((await world.status()).output).toEqual([{ x: 1 }, 'text', null]);
  });

  test('isReplaying is true before and false after the activity in the last turn', async () => {
    await world.begin('replaying');
    expect((await world.status()).output).toEqual([true, false]);
  });
});

describe('retry', () => {
  test('waits between attempts and takes ids for attempts and delays', async () => {
    await world.begin('retries');
    expect((await world.status()).runtimeStatus).toBe('Running');
    await world.advance(5000);
    await world.advance(5000);
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: 'third time' });
    const ids = (await world.outline()).filter((entry) => /Scheduled|TimerCreated/.test(entry));
    expect(ids).toEqual(['TaskScheduled#0', 'TimerCreated#1', 'TaskScheduled#2', 'TimerCreated#3', 'TaskScheduled#4']);
  });

  test('exhausted attempts end with one more timer and the documented text', async () => {
    await world.begin('exhausted');
    await world.advance(5000);
    expect(attempts).toBe(0);
    await world.advance(9999);
    expect((await world.status()).runtimeStatus).toBe('Running');
    await world.advance(1);
    const status = await world.status();
    expect(status.runtimeStatus).toBe('Failed');
    expect(status.output).toMatch(
      /^Orchestrator function 'exhausted' failed: Activity function 'alwaysFails' failed: {2}boom \n \{/,
    );
    expect((await world.outline()).filter((entry) => entry.startsWith('TimerCreated'))).toEqual([
      'TimerCreated#1',
      'TimerCreated#3',
      'TimerCreated#5',
    ]);
  });
});

describe('timers and events', () => {
  test('a timer of ten days fires in four chunks', async () => {
    const startMs = world.clock.nowMs();
    await world.begin('waits');
    await world.advance(30 * 86_400_000);
    const status = await world.status();
    expect(status.output).toBe(new Date(startMs + 10 * 86_400_000).toISOString());
    const fired = (await world.history()).flatMap((event) =>
      event.EventType === 'TimerFired' ? [(Date.parse(event.FireAt) - startMs) / 86_400_000] : [],
    );
    expect(fired).toEqual([3, 6, 9, 10]);
  });

  test('an approval in time wins and its timer is cancelled', async () => {
    await world.begin('approval');
    await world.advance(60_000);
    expect((await world.raise('Approval', { by: 'me' })).status).toBe(202);
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: { by: 'me' } });
  });

  test('an event whose name differs in case wakes nobody', async () => {
    await world.begin('approval');
    await world.raise('approval', { by: 'me' });
    expect((await world.status()).runtimeStatus).toBe('Running');
    await world.advance(3_600_000);
    expect((await world.status()).output).toBe('timed out');
  });
});

describe('sub-orchestrations', () => {
  test('run under a given or a generated id and answer their parent', async () => {
    await world.begin('parent');
    expect((await world.status()).output).toEqual([{ a: 1 }, { a: 2 }]);
    expect((await world.status('my-child')).runtimeStatus).toBe('Completed');
  });

  test('a failing child is retried under the same id, then its failure reaches the parent', async () => {
    await world.begin('parentOfFailing');
    await world.advance(1000);
    const { output } = await world.status();
    expect(output).toMatch(
      /^Orchestrator function 'failingChild' failed: Activity function 'alwaysFails' failed: {2}boom/,
    );
    expect((await world.outline()).filter((entry) => entry.startsWith('SubOrchestrationInstanceCreated'))).toEqual([
      'SubOrchestrationInstanceCreated#0',
      'SubOrchestrationInstanceCreated#2',
    ]);
  });
});

describe('continue-as-new', () => {
  test('starts the next execution with the given input and keeps the custom status', async () => {
    await world.begin('counter', { n: 0 });
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: 4, customStatus: { at: 2 } });
    expect((await world.history()).filter((event) => event.EventType === 'ExecutionStarted')).toHaveLength(1);
  });
});
