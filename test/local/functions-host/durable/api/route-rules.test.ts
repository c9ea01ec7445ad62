/** The finer rules of the management API: filters, ids, verbs, and what each state answers. */
import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../../../local/functions-host/durable/store/memory-store.ts';
import { df, sdkInvoker } from '../harness/core-module.ts';
import { World } from '../harness/virtual-world.ts';
import { record } from '../store/samples.ts';

df.app.activity('echo', { handler: (input: unknown) => input });
df.app.orchestration('echoes', function* (context) {
  return yield context.df.callActivity('echo', context.df.getInput());
});
df.app.orchestration('waits', function* (context) {
  return yield context.df.waitForExternalEvent('Go');
});
df.app.orchestration('waitsTwice', function* (context) {
  const first: unknown = yield context.df.waitForExternalEvent('Go');
  return [first, yield context.df.waitForExternalEvent('Go')];
});
df.app.orchestration('failsAtOnce', function* (context) {
  yield context.df.callActivity('echo');
  throw new Error('no');
});
df.app.entity('Counter', (context) => {
  const before = context.df.getState(() => 0) as number;
  context.df.setState(before + Number(context.df.getInput() ?? 0));
  if (context.df.operationName === 'delete') context.df.destructOnExit();
});

let world: World;
beforeEach(async () => {
  world = await new World(sdkInvoker).start();
});

const status = async (method: string, path: string, options = {}) => (await world.call(method, path, options)).status;

async function listed(query: string, headers = {}): Promise<{ ids: string[]; token: string }> {
  const response = await world.call('GET', `instances?${query}`, { headers });
  expect(response.status).toBe(200);
  const ids = (JSON.parse(response.body) as { instanceId: string }[]).map(({ instanceId }) => instanceId);
  return { ids, token: response.headers['x-ms-continuation-token'] ?? '' };
}

async function signal(key: string, operation: string, body?: unknown): Promise<void> {
  expect(await status('POST', `entities/Counter/${key}?op=${operation}`, { body })).toBe(202);
  await world.host.whenIdle();
}

describe('lists', () => {
  test.each([
    ['createdTimeFrom=2026-01-01T00:01:00Z', ['b-done', 'b-waits']],
    ['createdTimeTo=2026-01-01T00:00:30Z', ['a-waits']],
    ['createdTimeFrom=2026-01-01T00:00:00Z&createdTimeTo=2026-01-01T00:00:00Z', ['a-waits']],
    ['runtimeStatus=completed', ['b-done']],
    ['runtimeStatus=Running,Completed', ['a-waits', 'b-done', 'b-waits']],
    ['RUNTIMESTATUS=Running', ['a-waits', 'b-waits']],
    ['instanceIdPrefix=b-', ['b-done', 'b-waits']],
    ['instanceIdPrefix=b-&runtimeStatus=Running', ['b-waits']],
    ['runtimeStatus=Failed', []],
  ])('with %s show %j', async (query, expected) => {
    await world.begin('waits', 'in', 'a-waits');
    await world.advance(60_000);
    await world.begin('echoes', 'in', 'b-done');
    await world.begin('waits', 'in', 'b-waits');
    expect((await listed(query)).ids).toEqual(expected);
  });

  test('hold a hundred instances unless top says otherwise', async () => {
    const store = new MemoryStore();
    for (let index = 0; index < 101; index += 1) await store.putInstance(record(`i${1000 + index}`));
    world = await new World(sdkInvoker, {}, store).start();
    const first = await listed('');
    expect(first.ids).toHaveLength(100);
    expect((await listed('', { 'x-ms-continuation-token': first.token })).ids).toEqual(['i1100']);
    expect((await listed('top=101')).ids).toHaveLength(101);
  });

  test('leave out the inputs on request', async () => {
    await world.begin('waits', 'secret');
    const inputs = async (query: string) =>
      (JSON.parse((await world.call('GET', `instances${query}`)).body) as { input: unknown }[]).map(
        ({ input }) => input,
      );
    expect([await inputs(''), await inputs('?showInput=false')]).toEqual([['secret'], [null]]);
  });

  test.each(['showInput=perhaps', 'top=few', 'createdTimeFrom=yesterday'])('refuse %s with 400', async (query) => {
    expect(await status('GET', `instances?${query}`)).toBe(400);
  });
});

describe('instance ids', () => {
  test.each([
    ['256 characters', 'x'.repeat(256)],
    ['letters of any language', 'größe'],
    ['a percent sign', '100%25'],
  ])('may be %s', async (_what, id) => {
    expect(await status('POST', `orchestrators/waits/${id}`)).toBe(202);
    await world.host.whenIdle();
    expect(await status('GET', `instances/${id}`)).toBe(202);
  });

  test.each(['a%5Cb', 'a%3Fb', 'a%2Fb', 'a%0Ab', 'a%7Fb', 'a%C2%85b'])('may not be %s', async (id) => {
    expect(await status('POST', `orchestrators/waits/${id}`)).toBe(400);
  });
});

describe('starting again', () => {
  test.each(['Pending', 'Running', 'Suspended', 'ContinuedAsNew'] as const)('over %s is refused', async (state) => {
    await world.store.putInstance(record('taken', { status: state }));
    const refused = await world.call('POST', 'orchestrators/waits/taken');
    expect([refused.status, refused.body]).toEqual([
      500,
      expect.stringContaining(`An Orchestration instance with the status ${state} already exists.`),
    ]);
  });

  test.each(['Completed', 'Failed', 'Terminated'] as const)('over %s replaces it', async (state) => {
    await world.store.putInstance(record('taken', { status: state, output: '"old"' }));
    await world.begin('waits', 'new', 'taken');
    expect(await world.status('taken')).toMatchObject({ runtimeStatus: 'Running', input: 'new', output: null });
  });

  test('by restart under the id of a running instance is refused', async () => {
    await world.begin('waits');
    expect(await status('POST', 'instances/i1/restart?restartWithNewInstanceId=false')).toBe(500);
  });

  test('that waits for a failure answers 500 with the status', async () => {
    const pending = world.call('POST', 'orchestrators/failsAtOnce/i1?timeout=10&pollingInterval=1');
    await world.clock.advance(1000);
    const { status: code, body } = await pending;
    expect([code, JSON.parse(body)]).toEqual([500, expect.objectContaining({ runtimeStatus: 'Failed' })]);
  });
});

describe('one instance', () => {
  test('is Pending directly after its start', async () => {
    await world.call('POST', 'orchestrators/waits/i1');
    expect(JSON.parse((await world.call('GET', 'instances/i1')).body)).toMatchObject({ runtimeStatus: 'Pending' });
  });

  test('can be terminated before its first turn', async () => {
    const start = world.call('POST', 'orchestrators/waits/i1');
    const terminate = start.then(() => world.call('POST', 'instances/i1/terminate?reason=enough'));
    expect((await terminate).status).toBe(202);
    await world.host.whenIdle();
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' });
  });

  test('suspending and resuming are 404 for the unknown and 410 after the end', async () => {
    await world.begin('echoes');
    for (const verb of ['suspend', 'resume', 'terminate']) {
      expect([verb, await status('POST', `instances/none/${verb}`)]).toEqual([verb, 404]);
      expect([verb, await status('POST', `instances/i1/${verb}`)]).toEqual([verb, 410]);
    }
  });

  test('a suspended instance can be terminated', async () => {
    await world.begin('waits');
    await world.call('POST', 'instances/i1/suspend?reason=wait');
    await world.host.whenIdle();
    expect(await status('POST', 'instances/i1/terminate?reason=enough')).toBe(202);
    await world.host.whenIdle();
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' });
  });

  test('events of one name that nobody waits for yet are kept in their order', async () => {
    await world.call('POST', 'orchestrators/waitsTwice/i1');
    await world.raise('Go', 1);
    await world.raise('Go', 2);
    expect((await world.status()).output).toEqual([1, 2]);
  });

  test('rewinding what runs is 412', async () => {
    await world.begin('waits');
    expect(await status('POST', 'instances/i1/rewind')).toBe(412);
  });

  test('the history leaves out results and inputs unless they are asked for', async () => {
    await world.begin('echoes', 'in');
    const events = async (query: string) =>
      (
        JSON.parse((await world.call('GET', `instances/i1?showHistory=true&${query}`)).body) as {
          historyEvents: Record<string, unknown>[];
        }
      ).historyEvents;
    const [started, completed] = await events('showInput=false');
    expect([started?.Input, completed?.Result]).toEqual([undefined, undefined]);
    for (const dropped of ['EventId', 'IsPlayed', 'TaskScheduledId', 'Version'])
      expect(completed).not.toHaveProperty(dropped);
    expect(await events('showHistoryOutput=true')).toMatchObject([{ Input: 'in' }, { Result: 'in' }, { Result: 'in' }]);
  });

  test('the text of a failure is shown as a text', async () => {
    await world.begin('failsAtOnce');
    expect((await world.status()).output).toBe("Orchestrator function 'failsAtOnce' failed: no");
  });
});

describe('purging', () => {
  test('by states and times takes only what fits and has ended', async () => {
    await world.begin('echoes', 1, 'early');
    await world.advance(60_000);
    await world.begin('failsAtOnce', 1, 'failed');
    await world.begin('echoes', 1, 'late');
    await world.begin('waits', 1, 'running');
    const from = 'createdTimeFrom=2026-01-01T00:00:30Z';
    expect(await status('DELETE', `instances?${from}&runtimeStatus=Running`)).toBe(404);
    const purged = await world.call('DELETE', `instances?${from}&runtimeStatus=Completed`);
    expect(JSON.parse(purged.body)).toEqual({ instancesDeleted: 1 });
    expect((await listed('')).ids).toEqual(['early', 'failed', 'running']);
  });

  test('takes an entity by its id', async () => {
    await signal('k', 'add', 1);
    expect(await world.call('DELETE', 'instances/@counter@k')).toMatchObject({
      status: 200,
      body: '{"instancesDeleted":1}',
    });
    expect(await status('GET', 'entities/Counter/k')).toBe(404);
    expect(await status('DELETE', 'instances/@counter@k')).toBe(404);
  });
});

describe('entities', () => {
  test('are deleted with the verb DELETE, and the key $ is the empty one', async () => {
    await signal('$', 'add', 2);
    expect(await world.store.readInstance('@counter@')).toBeDefined();
    expect((await world.call('GET', 'entities/counter/$')).body).toBe('2');
    expect(await status('DELETE', 'entities/Counter/$')).toBe(202);
    await world.host.whenIdle();
    expect(await status('GET', 'entities/Counter/$')).toBe(404);
  });

  test('a body that is no JSON is the input as a text', async () => {
    expect(
      await status('POST', 'entities/Counter/t?op=add', { text: '7', headers: { 'content-type': 'text/plain' } }),
    ).toBe(202);
    await world.host.whenIdle();
    expect((await world.call('GET', 'entities/Counter/t')).body).toBe('7');
  });

  test('are listed by the time of their last operation, page by page', async () => {
    await signal('a', 'add', 1);
    await world.advance(60_000);
    await signal('b', 'add', 1);
    await signal('c', 'add', 1);
    const page = async (query: string, headers = {}) => {
      const { body, headers: answered } = await world.call('GET', `entities/Counter?${query}`, { headers });
      const keys = (JSON.parse(body) as { entityId: { key: string } }[]).map(({ entityId }) => entityId.key);
      return { keys, token: answered['x-ms-continuation-token'] ?? '' };
    };
    expect((await page('lastOperationTimeFrom=2026-01-01T00:00:30Z')).keys).toEqual(['b', 'c']);
    expect((await page('lastOperationTimeTo=2026-01-01T00:00:30Z')).keys).toEqual(['a']);
    const first = await page('top=2');
    expect(first.keys).toEqual(['a', 'b']);
    expect(await page('top=2', { 'x-ms-continuation-token': first.token })).toEqual({ keys: ['c'], token: '' });
    expect((JSON.parse((await world.call('GET', 'entities')).body) as unknown[]).length).toBe(3);
  });
});

test('OPTIONS is answered on every route, other verbs only where they mean something', async () => {
  expect(await status('OPTIONS', 'instances')).toBe(200);
  expect(await status('GET', 'orchestrators/waits')).toBe(404);
  expect(await status('GET', 'instances/i1/terminate')).toBe(404);
  expect(await status('PUT', 'entities/Counter/k')).toBe(404);
});
