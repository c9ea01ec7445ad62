/** Traps of tasks and events: defects of the real engine that apps must live with, each shown by the local one. */
import { beforeEach, describe, expect, test } from 'vitest';
import { df, sdkInvoker } from './harness/core-module.ts';
import { World } from './harness/virtual-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function later(context: { readonly df: { readonly currentUtcDateTime: Date } }, byMs: number): Date {
  return new Date(context.df.currentUtcDateTime.getTime() + byMs);
}

let gate: (() => void) | undefined;
let failures = 0;
df.app.activity('echo', { handler: (input: unknown) => input });
df.app.activity('gated', {
  handler: () =>
    new Promise((resolve) => {
      gate = () => resolve('opened');
    }),
});
df.app.activity('failsAtOnce', {
  handler: () => {
    throw new Error('boom');
  },
});
df.app.activity('failsOnce', {
  handler: () => {
    failures += 1;
    if (failures === 1) throw new Error('boom');
    return 'fine';
  },
});

df.app.orchestration('reusedTimer', function* (context) {
  const timer = context.df.createTimer(later(context, HOUR_MS));
  yield context.df.Task.any([context.df.waitForExternalEvent('First'), timer]);
  yield context.df.Task.any([context.df.waitForExternalEvent('Second'), timer]);
  return (yield context.df.callActivity('echo', 'result of the activity')) ?? null;
});
df.app.orchestration('freshWaitPerRound', function* (context) {
  for (let round = 0; round < 2; round += 1) {
    const tick = context.df.createTimer(later(context, 60_000));
    const command = context.df.waitForExternalEvent('Command');
    const winner: unknown = yield context.df.Task.any([command, tick]);
    if (winner === command) return 'heard';
    yield context.df.callActivity('gated');
  }
  return 'lost';
});
df.app.orchestration('openTimer', function* (context) {
  const timer = context.df.createTimer(later(context, HOUR_MS));
  yield context.df.Task.any([context.df.waitForExternalEvent('Approval'), timer]);
  return 'done';
});
df.app.orchestration('slowLoser', function* (context) {
  const slow = context.df.callActivity('gated');
  yield context.df.Task.any([slow, context.df.callActivity('echo', 1)]);
  context.df.continueAsNew('again');
});
df.app.orchestration('caughtAll', function* (context) {
  try {
    yield context.df.Task.all([context.df.callActivity('failsAtOnce'), context.df.callActivity('gated')]);
  } catch {
    yield context.df.callActivity('echo', 'after the failure');
  }
  return 'end';
});
df.app.orchestration('racedRetry', function* (context) {
  const work = context.df.callActivityWithRetry('failsOnce', new df.RetryOptions(1000, 3));
  const timer = context.df.createTimer(later(context, HOUR_MS));
  yield context.df.Task.any([work, timer]);
  timer.cancel();
  return yield context.df.callActivity('echo', 'next');
});
df.app.orchestration('failsAfterRetry', function* (context) {
  yield context.df.callActivityWithRetry('failsOnce', new df.RetryOptions(1000, 3));
  yield context.df.callActivity('failsAtOnce');
});
df.app.orchestration('cancelledLongTimer', function* (context) {
  const timer = context.df.createTimer(later(context, 10 * DAY_MS));
  yield context.df.Task.any([context.df.waitForExternalEvent('Go'), timer]);
  timer.cancel();
  return yield context.df.callActivity('echo', 'next');
});
df.app.orchestration('lazy', function* (context) {
  context.df.callActivity('echo', 'never yielded');
  return yield context.df.callActivity('echo', 'yielded');
});
df.app.orchestration('newestWaiter', function* (context) {
  const [first, second] = [context.df.waitForExternalEvent('E'), context.df.waitForExternalEvent('E')];
  const winner: unknown = yield context.df.Task.any([first, second]);
  return winner === second ? 'second' : 'first';
});
df.app.orchestration('unconsumed', function* (context) {
  const input = context.df.getInput() as { round: number };
  if (input.round === 1) {
    yield context.df.waitForExternalEvent('Go');
    context.df.continueAsNew({ round: 2 });
    return 'ignored';
  }
  const event = context.df.waitForExternalEvent('Kept');
  const timer = context.df.createTimer(later(context, 1000));
  const winner: unknown = yield context.df.Task.any([event, timer]);
  if (winner === event) timer.cancel();
  return winner === event ? 'kept' : 'lost';
});

let world: World;
beforeEach(async () => {
  gate = undefined;
  failures = 0;
  world = await new World(sdkInvoker).start();
});

async function openGate(): Promise<void> {
  gate?.();
  await world.host.whenIdle();
}

/** Starts an instance whose activity stays at its gate. */
async function beginGated(functionName: string): Promise<void> {
  await world.call('POST', `orchestrators/${functionName}/i1`);
  await world.clock.advance(0);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) {
    if (await condition()) return;
    await world.clock.advance(0);
  }
  throw new Error('The awaited state was not reached.');
}

describe('tasks used again', () => {
  test('a timer raced in two rounds is scheduled twice and its second firing is taken for the activity result', async () => {
    await world.begin('reusedTimer');
    await world.raise('First', 1);
    await world.raise('Second', 2);
    expect((await world.outline()).filter((entry) => /Created|Scheduled#/.test(entry))).toEqual([
      'TimerCreated#0',
      'TimerCreated#1',
      'TaskScheduled#2',
    ]);
    await world.advance(HOUR_MS);
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: null });
  });

  test('a wait made anew in each round loses the event to the wait of the round before', async () => {
    await beginGated('freshWaitPerRound');
    await world.clock.advance(60_000);
    await until(async () => gate !== undefined);
    await world.call('POST', 'instances/i1/raiseEvent/Command', { body: { stop: true } });
    await world.clock.advance(0);
    await openGateAnd(() => world.clock.advance(60_000));
    await openGateAnd(() => world.clock.advance(0));
    expect((await world.status()).output).toBe('lost');
  });
});

async function openGateAnd(next: () => Promise<void>): Promise<void> {
  gate?.();
  gate = undefined;
  await world.clock.advance(0);
  await next();
}

describe('open tasks', () => {
  test('an approval that leaves its timer open ends only when that fires', async () => {
    await world.begin('openTimer');
    await world.raise('Approval', {});
    expect((await world.status()).runtimeStatus).toBe('Running');
    await world.advance(HOUR_MS);
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: 'done' });
  });

  test('continue-as-new waits for a slow losing activity', async () => {
    await beginGated('slowLoser');
    await until(async () => (await world.outline()).includes('TaskCompleted#1'));
    expect((await world.outline()).includes('ContinueAsNew')).toBe(false);
  });

  test('the call after a caught Task.all failure starts when the siblings are done', async () => {
    await beginGated('caughtAll');
    await until(async () => (await world.outline()).includes('TaskFailed#0'));
    expect((await world.outline()).filter((entry) => entry.startsWith('TaskScheduled'))).toHaveLength(2);
    await openGate();
    expect((await world.outline()).filter((entry) => entry.startsWith('TaskScheduled'))).toHaveLength(3);
    expect((await world.status()).output).toBe('end');
  });
});

describe('non-determinism', () => {
  test('cancelling the timer that was raced against a retried activity fails the instance', async () => {
    await world.begin('racedRetry');
    await world.advance(1000);
    const { runtimeStatus, output } = await world.status();
    expect(runtimeStatus).toBe('Failed');
    expect(output).toMatch(
      /^Non-Deterministic workflow detected: A previous execution of this orchestration scheduled /,
    );
  });

  test('cancelling a long timer after its first chunk fails the instance', async () => {
    await world.begin('cancelledLongTimer');
    await world.advance(4 * DAY_MS);
    await world.raise('Go', 1);
    await world.advance(DAY_MS);
    const { runtimeStatus, output } = await world.status();
    expect(runtimeStatus).toBe('Failed');
    expect(output).toMatch(/^Non-Deterministic workflow detected: A previous execution/);
  });

  test('rewinding an instance in which a retry had worked before ends non-deterministic', async () => {
    // Public issues Azure/azure-functions-durable-extension 617 and Azure/durabletask 811.
    await world.begin('failsAfterRetry');
    await world.advance(1000);
    expect((await world.status()).runtimeStatus).toBe('Failed');
    await world.call('POST', 'instances/i1/rewind?reason=again');
    await world.host.whenIdle();
    expect(await world.status()).toMatchObject({
      runtimeStatus: 'Failed',
      output: expect.stringContaining('Non-Deterministic workflow detected'),
    });
  });

  test('cancelling a long timer before its first chunk is harmless', async () => {
    await world.begin('cancelledLongTimer');
    await world.raise('Go', 1);
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: 'next' });
  });
});

describe('tasks and events', () => {
  test('a task that is never yielded never runs', async () => {
    await world.begin('lazy');
    expect((await world.outline()).filter((entry) => entry.startsWith('TaskScheduled'))).toEqual(['TaskScheduled#0']);
  });

  test('of two waits for one name the newest is served first', async () => {
    await world.begin('newestWaiter');
    await world.raise('E', 1);
    expect((await world.status()).output).toBe('second');
  });

  test('an event that was not consumed vanishes at continue-as-new', async () => {
    await world.begin('unconsumed', { round: 1 });
    await world.raise('Kept', 1);
    await world.raise('Go', 1);
    await world.advance(1000);
    expect((await world.status()).output).toBe('lost');
  });

  test('an event in the batch that continues as new is carried over', async () => {
    await world.begin('unconsumed', { round: 1 });
    await Promise.all([
      world.call('POST', 'instances/i1/raiseEvent/Go', { body: 1 }),
      world.call('POST', 'instances/i1/raiseEvent/Kept', { body: 1 }),
    ]);
    await world.host.whenIdle();
    expect((await world.status()).output).toBe('kept');
  });
});
