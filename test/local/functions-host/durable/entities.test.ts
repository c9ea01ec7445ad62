/** Entities of the real SDK through the whole engine: calls, signals, errors, locks. */
import { beforeEach, describe, expect, test } from 'vitest';
import { df, sdkInvoker } from './harness/core-module.ts';
import { World } from './harness/virtual-world.ts';

df.app.entity('Counter', (context) => {
  const current = context.df.getState(() => 0) as number;
  switch (context.df.operationName) {
    case 'add':
      context.df.setState(current + (context.df.getInput() as number));
      break;
    case 'get':
      context.df.return(current);
      break;
    case 'forward':
      context.df.signalEntity(new df.EntityId('Counter', 'other'), 'add', current);
      break;
    case 'reset':
      context.df.destructOnExit();
      break;
    case 'failText':
      throw 'refused';
    case 'failError':
      context.df.setState(99);
      throw new Error('refused');
  }
});
df.app.activity('echo', { handler: (input: unknown) => input });

const counter = (key: string) => new df.EntityId('Counter', key);
df.app.orchestration('callsTwice', function* (context) {
  yield context.df.callEntity(counter('k'), 'add', 5);
  context.df.signalEntity(counter('k'), 'add', 2);
  return yield context.df.callEntity(counter('k'), 'get');
});
df.app.orchestration('callsFailing', function* (context) {
  const messages: string[] = [];
  for (const operation of ['failText', 'failError']) {
    try {
      yield context.df.callEntity(counter('k'), operation);
    } catch (error) {
      messages.push((error as Error).message);
    }
  }
  return [...messages, yield context.df.callEntity(counter('k'), 'get')];
});
df.app.orchestration('callsUnknown', function* (context) {
  return yield context.df.callEntity(new df.EntityId('NoSuch', 'k'), 'get');
});
df.app.orchestration('locks', function* (context) {
  const lock = (yield context.df.lock(counter('b'), counter('a'))) as { release(): void };
  yield context.df.callEntity(counter('a'), 'add', 1);
  yield context.df.waitForExternalEvent('Go');
  const seen: unknown = yield context.df.callEntity(counter('a'), 'get');
  lock.release();
  return seen;
});
df.app.orchestration('keepsLock', function* (context) {
  yield context.df.lock(counter('a'));
  return 'ended without release';
});
df.app.orchestration('reads', function* (context) {
  return yield context.df.callEntity(counter('a'), 'get');
});

let world: World;
beforeEach(async () => {
  world = await new World(sdkInvoker).start();
});

async function state(key: string): Promise<unknown> {
  const response = await world.call('GET', `entities/Counter/${key}`);
  return response.status === 200 ? JSON.parse(response.body) : response.status;
}

async function signal(key: string, operation: string, body?: unknown): Promise<number> {
  const response = await world.call('POST', `entities/counter/${key}?op=${operation}`, { body });
  await world.host.whenIdle();
  return response.status;
}

describe('operations', () => {
  test('calls and signals of one orchestration arrive in order', async () => {
    await world.begin('callsTwice');
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: 7 });
    expect(await state('k')).toBe(7);
  });

  test('a thrown text reaches the caller, a thrown Error only as [object Object], and state changes stay', async () => {
    await world.begin('callsFailing');
    expect((await world.status()).output).toEqual(['refused', '[object Object]', 99]);
  });

  test('signals over HTTP change the state; an unknown entity function is refused', async () => {
    expect(await signal('h', 'add', 4)).toBe(202);
    expect(await signal('h', 'add', 1)).toBe(202);
    expect(await state('h')).toBe(5);
    expect((await world.call('POST', 'entities/nosuch/h?op=add', { body: 1 })).status).toBe(400);
  });

  test('an entity signals another', async () => {
    await signal('one', 'add', 3);
    await signal('one', 'forward');
    expect(await state('other')).toBe(3);
  });

  test('an entity that destroys itself is gone and can come back', async () => {
    await signal('d', 'add', 3);
    await signal('d', 'reset');
    expect(await state('d')).toBe(404);
    await signal('d', 'add', 1);
    expect(await state('d')).toBe(1);
  });

  test('a call of an unknown entity fails the instance with the known names', async () => {
    await world.begin('callsUnknown');
    expect((await world.status()).output).toMatch(/'nosuch' doesn't exist.*not an entity function.*'Counter'/i);
  });

  test('state survives a restart', async () => {
    await signal('r', 'add', 8);
    await world.restart();
    await signal('r', 'add', 1);
    expect(await state('r')).toBe(9);
  });

  test('the list shows what exists, with state on request', async () => {
    await signal('l1', 'add', 1);
    await signal('l2', 'add', 2);
    await signal('l3', 'add', 3);
    await signal('l3', 'reset');
    const response = await world.call('GET', 'entities/counter?fetchState=true');
    expect(JSON.parse(response.body)).toMatchObject([
      { entityId: { name: 'counter', key: 'l1' }, state: 1 },
      { entityId: { name: 'counter', key: 'l2' }, state: 2 },
    ]);
  });
});

describe('locks', () => {
  test('while one orchestration holds the lock others wait, and its own calls go through', async () => {
    await world.begin('locks');
    await signal('a', 'add', 10);
    await world.begin('reads', undefined, 'reader');
    expect((await world.status('reader')).runtimeStatus).toBe('Running');
    await world.raise('Go', 1);
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: 1 });
    expect((await world.status('reader')).output).toBe(11);
  });

  test('a lock that is still held at the end is released', async () => {
    await world.begin('keepsLock');
    expect((await world.status()).runtimeStatus).toBe('Completed');
    await world.begin('reads', undefined, 'reader');
    expect((await world.status('reader')).runtimeStatus).toBe('Completed');
  });
});
