/** Routes and status codes of the management API. */
import { beforeEach, describe, expect, test } from 'vitest';
import { df, sdkInvoker } from '../harness/core-module.ts';
import { World } from '../harness/virtual-world.ts';

let broken = true;
df.app.activity('flaky', {
  handler: () => {
    if (broken) throw new Error('boom');
    return 'mended';
  },
});
df.app.orchestration('echoes', function* (context) {
  yield context.df.callActivity('flaky');
  return context.df.getInput();
});
df.app.orchestration('waits', function* (context) {
  return yield context.df.waitForExternalEvent('Go');
});
df.app.orchestration('parentOfEchoes', function* (context) {
  return yield context.df.callSubOrchestrator('echoes', 'in', 'kid');
});
df.app.orchestration('version', function* (context) {
  yield context.df.createTimer(context.df.currentUtcDateTime);
  return (context.df as unknown as { version: string }).version;
});

let world: World;
beforeEach(async () => {
  broken = false;
  world = await new World(sdkInvoker).start();
});

const status = async (method: string, path: string, options = {}) => (await world.call(method, path, options)).status;

describe('start', () => {
  test('answers 202 with links that name the instance', async () => {
    const response = await world.call('POST', 'orchestrators/ECHOES/my-id', { body: { a: 1 } });
    expect(response.status).toBe(202);
    const body = JSON.parse(response.body) as Record<string, string>;
    expect(response.headers).toMatchObject({ location: body.statusQueryGetUri, 'retry-after': '10' });
    expect(body.id).toBe('my-id');
    expect(body.sendEventPostUri).toBe(
      'http://localhost:7071/runtime/webhooks/durabletask/instances/my-id/raiseEvent/{eventName}' +
        '?taskHub=TestHubName&connection=AzureWebJobsStorage&code=local',
    );
    expect(body.rewindPostUri).toBeUndefined();
  });

  test('without an id makes one of 32 hex digits', async () => {
    const { id } = JSON.parse((await world.call('POST', 'orchestrators/echoes')).body) as { id: string };
    expect(id).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each([
    ['an unknown function', 'orchestrators/nope', {}],
    ['a body that is not JSON', 'orchestrators/echoes', { text: '{' }],
    ['an id that starts with @', 'orchestrators/echoes/@x@y', {}],
    ['an id with a hash', 'orchestrators/echoes/a%23b', {}],
    ['an id of 257 characters', `orchestrators/echoes/${'x'.repeat(257)}`, {}],
  ])('refuses %s with 400', async (_what, path, options) => {
    const response = await world.call('POST', path, options);
    expect(response.status).toBe(400);
    expect(JSON.parse(response.body)).toMatchObject({ Message: 'One or more of the arguments submitted is incorrect' });
  });

  test('over a running instance is refused with 500, over a finished one it replaces', async () => {
    await world.begin('waits');
    const refused = await world.call('POST', 'orchestrators/waits/i1');
    expect(refused.status).toBe(500);
    expect(JSON.parse(refused.body)).toMatchObject({
      ExceptionMessage: 'An Orchestration instance with the status Running already exists.',
    });
    await world.raise('Go', 1);
    await world.begin('echoes', 'second');
    expect(await world.status()).toMatchObject({ name: 'echoes', output: 'second' });
  });

  test('over a running instance replaces it when host.json says AnyState', async () => {
    world = await new World(sdkInvoker, { overridableExistingInstanceStates: 'AnyState' }).start();
    await world.begin('waits');
    await world.begin('echoes', 'second');
    expect(await world.status()).toMatchObject({ name: 'echoes', runtimeStatus: 'Completed', output: 'second' });
  });

  test('waits for the output when asked to', async () => {
    const pending = world.call('POST', 'orchestrators/echoes/i1?timeout=10&pollingInterval=1', { body: 'x' });
    await world.clock.advance(1000);
    expect(await pending).toMatchObject({ status: 200, body: '"x"' });
  });

  test('answers 202 when the output did not come in time', async () => {
    const pending = world.call('POST', 'orchestrators/waits/i1?timeout=10&pollingInterval=1');
    await world.clock.advance(10_000);
    expect((await pending).status).toBe(202);
  });

  test('takes the version from the query, else from host.json', async () => {
    world = await new World(sdkInvoker, { defaultVersion: '1.5' }).start();
    await world.call('POST', 'orchestrators/version/v1?version=2.0');
    await world.call('POST', 'orchestrators/version/v2');
    await world.advance(0);
    expect([(await world.status('v1')).output, (await world.status('v2')).output]).toEqual(['2.0', '1.5']);
  });
});

describe('status', () => {
  test('is 202 with Retry-After while running, 200 at the end, 404 for the unknown', async () => {
    await world.begin('waits');
    const running = await world.call('GET', 'instances/i1');
    expect(running).toMatchObject({ status: 202, headers: { 'retry-after': '5' } });
    expect(JSON.parse(running.body)).toMatchObject({ input: null, output: null, customStatus: null });
    await world.raise('Go', 1);
    expect(await status('GET', 'instances/i1')).toBe(200);
    expect(await world.call('GET', 'instances/none')).toMatchObject({ status: 404, body: '' });
  });

  test('of a failure is 200, or 500 on request', async () => {
    broken = true;
    await world.begin('echoes');
    expect(await status('GET', 'instances/i1')).toBe(200);
    expect(await status('GET', 'instances/i1?returnInternalServerErrorOnFailure=true')).toBe(500);
  });

  test('hides the input on request and shows the history folded', async () => {
    await world.begin('echoes', 'secret');
    const response = await world.call('GET', 'instances/i1?showInput=false&showHistory=true&showHistoryOutput=true');
    const body = JSON.parse(response.body) as { input: unknown; historyEvents: Record<string, unknown>[] };
    expect(body.input).toBeNull();
    expect(body.historyEvents.map(({ EventType }) => EventType)).toEqual([
      'ExecutionStarted',
      'TaskCompleted',
      'ExecutionCompleted',
    ]);
    expect(body.historyEvents[1]).toMatchObject({ FunctionName: 'flaky', Result: 'mended' });
    expect(body.historyEvents[1]).toHaveProperty('ScheduledTime');
  });

  test('times are whole seconds', async () => {
    await world.begin('echoes');
    expect(await world.status()).toMatchObject({ createdTime: '2026-01-01T00:00:00Z' });
  });

  test('lists go on with the continuation token', async () => {
    for (const id of ['a', 'b', 'c']) await world.begin('waits', undefined, id);
    const first = await world.call('GET', 'instances?top=2');
    expect((JSON.parse(first.body) as unknown[]).length).toBe(2);
    const token = first.headers['x-ms-continuation-token'] ?? '';
    const second = await world.call('GET', 'instances/?top=2', { headers: { 'x-ms-continuation-token': token } });
    expect(JSON.parse(second.body)).toMatchObject([{ instanceId: 'c' }]);
    expect(second.headers['x-ms-continuation-token']).toBe('');
    expect(await status('GET', 'instances?runtimeStatus=Sleeping')).toBe(400);
  });
});

describe('messages', () => {
  test('an event is 202 while running, 410 afterwards, 404 for the unknown', async () => {
    await world.begin('waits');
    expect((await world.raise('Go', { n: 1 })).status).toBe(202);
    expect((await world.status()).output).toEqual({ n: 1 });
    expect((await world.raise('Go', 1)).status).toBe(410);
    expect((await world.raise('Go', 1, 'none')).status).toBe(404);
  });

  test('an event without JSON content is 400', async () => {
    await world.begin('waits');
    const path = 'instances/i1/raiseEvent/Go';
    expect(await status('POST', path)).toBe(400);
    expect(await status('POST', path, { text: '{' })).toBe(400);
    expect(await status('POST', path, { body: 1, headers: { 'content-type': 'text/plain' } })).toBe(400);
  });

  test('an event raised directly after the start is kept', async () => {
    await world.call('POST', 'orchestrators/waits/i1');
    await world.raise('Go', 'early');
    expect((await world.status()).output).toBe('early');
  });

  test('terminate ends with the reason as output, then answers 410', async () => {
    await world.begin('waits');
    expect(await status('POST', 'instances/i1/terminate?reason=enough')).toBe(202);
    await world.host.whenIdle();
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' });
    expect(await status('POST', 'instances/i1/terminate')).toBe(410);
    expect(await status('POST', 'instances/none/terminate')).toBe(404);
  });

  test('a suspended instance holds its events until it is resumed', async () => {
    await world.begin('waits');
    expect(await status('POST', 'instances/i1/resume?reason=x')).toBe(500);
    expect(await status('POST', 'instances/i1/suspend?reason=pause')).toBe(202);
    await world.host.whenIdle();
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Suspended', output: 'pause' });
    expect(await status('POST', 'instances/i1/suspend')).toBe(500);
    expect((await world.raise('Go', 'held')).status).toBe(202);
    expect((await world.status()).runtimeStatus).toBe('Suspended');
    expect(await status('POST', 'instances/i1/resume')).toBe(202);
    await world.host.whenIdle();
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: 'held' });
  });
});

describe('purge, restart, rewind', () => {
  test('a purged instance is unknown, purging it again is 404', async () => {
    await world.begin('echoes');
    const response = await world.call('DELETE', 'instances/i1');
    expect(response).toMatchObject({ status: 200, body: '{"instancesDeleted":1}' });
    expect(await status('GET', 'instances/i1')).toBe(404);
    expect(await status('DELETE', 'instances/i1')).toBe(404);
  });

  test('a purge by filter needs a start time and spares what runs', async () => {
    await world.begin('echoes', undefined, 'done');
    await world.begin('waits', undefined, 'running');
    expect(await status('DELETE', 'instances')).toBe(400);
    const response = await world.call('DELETE', 'instances/?createdTimeFrom=2025-01-01T00:00:00Z');
    expect(response.body).toBe('{"instancesDeleted":1}');
    expect((await world.status('running')).runtimeStatus).toBe('Running');
    expect(await status('DELETE', 'instances?createdTimeFrom=2025-01-01T00:00:00Z')).toBe(404);
  });

  test('restart runs the same input under a new id, or under the old one', async () => {
    await world.begin('echoes', 'again');
    const { id } = JSON.parse((await world.call('POST', 'instances/i1/restart')).body) as { id: string };
    await world.host.whenIdle();
    expect(id).not.toBe('i1');
    expect((await world.status(id)).output).toBe('again');
    expect(await status('POST', 'instances/i1/restart?restartWithNewInstanceId=false')).toBe(202);
    expect(await status('POST', 'instances/none/restart')).toBe(400);
  });

  test('rewind takes a failure back and goes on', async () => {
    broken = true;
    await world.begin('parentOfEchoes');
    expect((await world.status()).runtimeStatus).toBe('Failed');
    broken = false;
    expect(await status('POST', 'instances/i1/rewind?reason=mended')).toBe(202);
    await world.host.whenIdle();
    expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: 'in' });
    expect(await status('POST', 'instances/i1/rewind')).toBe(412);
    expect(await status('POST', 'instances/none/rewind')).toBe(404);
  });

  test('another task hub or connection is refused and named, the own ones are not', async () => {
    const query = (text: string) => world.call('GET', `instances?${text}`);
    expect((await query('taskHub=testhubname&connection=Storage&code=x')).status).toBe(200);
    const hub = await query('taskHub=Other');
    expect(hub.status).toBe(400);
    expect(hub.body).toContain("serves task hub 'TestHubName' only");
    const connection = await query('connection=OtherStorage');
    expect(connection.status).toBe(400);
    expect(connection.body).toContain("lies in 'AzureWebJobsStorage'");
  });

  test('an unknown route is 404', async () => {
    expect(await status('POST', 'instances/i1/dance')).toBe(404);
    expect(await status('GET', 'nonsense')).toBe(404);
  });
});

describe('client payload', () => {
  test('has what the SDK asks for, with a trailing slash on the RPC address', () => {
    const payload = JSON.parse(
      world.host.clientPayload({
        webhookBaseUrl: 'http://localhost:7071/w',
        rpcBaseUrl: 'http://127.0.0.1:17071/durabletask',
      }),
    ) as Record<string, unknown>;
    expect(payload).toMatchObject({
      taskHubName: 'TestHubName',
      rpcBaseUrl: 'http://127.0.0.1:17071/durabletask/',
      baseUrl: 'http://localhost:7071/w',
      managementUrls: { id: 'INSTANCEID' },
    });
  });

  test('wrong settings are listed together', async () => {
    const wrong = new World(sdkInvoker, { hubName: '1x', maxEntityOperationBatchSize: 0 });
    await expect(wrong.start()).rejects.toThrow(
      /hubName[\s\S]*maxEntityOperationBatchSize|maxEntityOperationBatchSize[\s\S]*hubName/,
    );
  });
});
