/** How the client of `durable-functions` 3.5.0 reacts to this host's answers, called inside an app over the RPC endpoint. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { MemoryStore } from '../../../local/functions-host/durable/store/memory-store.ts';
import { type RunningFunctionsHost, startFunctionsHost } from '../../../local/functions-host/start-functions-host.ts';
import { fixture } from './host-process.ts';

let host: RunningFunctionsHost;

beforeAll(async () => {
  host = await startFunctionsHost({
    scriptRoot: fixture('durable'),
    port: 0,
    rpcPort: 0,
    settings: { HUB_NAME: 'Client' },
    clock: new ManualClock(),
    log: () => undefined,
    durableStore: new MemoryStore(),
  });
  await use('startNew', 'mirror', { instanceId: 'waits', input: { a: 1 } });
  await use('startNew', 'failing', { instanceId: 'failed' });
  await use('startNew', 'mirror', { instanceId: 'suspended' });
  await use('suspend', 'suspended', 'wait');
  await use('startNew', 'mirror', { instanceId: 'done' });
  await use('raiseEvent', 'done', 'Go', 1);
});

afterAll(() => host?.stop());

interface Reaction {
  readonly resolved?: unknown;
  readonly rejected?: string;
}

async function use(method: string, ...args: readonly unknown[]): Promise<Reaction> {
  const answer = await fetch(`${host.url}/api/client/${method}`, { method: 'POST', body: JSON.stringify(args) });
  await host.whenIdle();
  return (await answer.json()) as Reaction;
}

const done = { resolved: null };
const unknown = { rejected: expect.stringContaining("No instance with ID 'none' found") };
const refused = (status: number) => ({ rejected: expect.stringContaining(String(status)) });

test.each<[string, readonly unknown[], unknown]>([
  ['getStatus', ['waits'], { resolved: expect.objectContaining({ runtimeStatus: 'Running', input: { a: 1 } }) }],
  ['getStatus', ['failed'], { resolved: expect.objectContaining({ runtimeStatus: 'Failed' }) }],
  ['getStatus', ['none'], { rejected: expect.any(String) }],
  ['startNew', ['mirror', { instanceId: 'waits' }], refused(500)],
  ['startNew', ['nosuch', {}], refused(400)],
  // The client puts ids into paths as they are, so what follows a hash is lost before any host can refuse it.
  ['startNew', ['mirror', { instanceId: 'a#b' }], { resolved: 'a' }],
  ['raiseEvent', ['none', 'Go', 1], unknown],
  ['raiseEvent', ['done', 'Go', 1], done],
  ['raiseEvent', ['waits', 'Other', { n: 1 }], done],
  ['raiseEvent', ['waits', 'Other'], refused(400)],
  ['terminate', ['none', 'why'], unknown],
  ['terminate', ['done', 'why'], done],
  ['suspend', ['done', 'why'], done],
  ['suspend', ['suspended', 'why'], refused(500)],
  ['resume', ['waits', 'why'], refused(500)],
  ['resume', ['none', 'why'], unknown],
  ['rewind', ['none', 'why'], { rejected: expect.any(String) }],
  ['rewind', ['done', 'why'], { rejected: expect.stringContaining('only supported on failed') }],
  ['purgeInstanceHistory', ['none'], { resolved: { instancesDeleted: 0 } }],
  ['readEntityState', [{ entity: 'counter', key: 'none' }], { resolved: { entityExists: false } }],
  ['signalEntity', [{ entity: 'nosuch', key: 'k' }, 'add'], refused(400)],
  ['signalEntity', [{ entity: 'counter', key: 'k' }, 'add', { by: 3 }], done],
  ['readEntityState', [{ entity: 'counter', key: 'k' }], { resolved: { entityExists: true, entityState: 3 } }],
  ['purgeInstanceHistory', ['@counter@k'], { resolved: { instancesDeleted: 1 } }],
])('%s %j', async (method, args, expected) => {
  expect(await use(method, ...args)).toEqual(expected);
});

test('a start without input gives the orchestrator an empty text', async () => {
  await use('startNew', 'mirror', { instanceId: 'bare' });
  expect(await use('getStatus', 'bare')).toMatchObject({ resolved: { input: '' } });
});

test('lists follow the continuation token to the end', async () => {
  const { resolved } = await use('getStatusAll');
  const ids = (resolved as { instanceId: string }[]).map(({ instanceId }) => instanceId);
  expect(ids).toEqual(expect.arrayContaining(['done', 'failed', 'suspended', 'waits']));
});

test('the management payload of an instance names this host', async () => {
  const { resolved } = await use('createHttpManagementPayload', 'waits');
  const { statusQueryGetUri } = resolved as { statusQueryGetUri: string };
  expect(statusQueryGetUri).toContain(
    `localhost:${new URL(host.url).port}/runtime/webhooks/durabletask/instances/waits`,
  );
});
