/** A Durable app in this process, on the in-memory store and a clock that the test moves. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { MemoryStore } from '../../../local/functions-host/durable/store/memory-store.ts';
import { type RunningFunctionsHost, startFunctionsHost } from '../../../local/functions-host/start-functions-host.ts';
import { fixture } from './host-process.ts';

const clock = new ManualClock();
let host: RunningFunctionsHost;

beforeAll(async () => {
  host = await startFunctionsHost({
    scriptRoot: fixture('durable'),
    port: 0,
    rpcPort: 0,
    settings: { HUB_NAME: 'Virtual' },
    clock,
    log: () => undefined,
    durableStore: new MemoryStore(),
  });
});

afterAll(() => host?.stop());

function status(id: string) {
  return fetch(`${host.url}/runtime/webhooks/durabletask/instances/${id}`).then((answer) => answer.json());
}

test('a durable timer fires when the clock is moved, and not before', async () => {
  const started = await fetch(`${host.url}/api/start/journey/one`, { method: 'POST', body: '{"value":3}' });
  expect(started.status).toBe(202);
  await host.whenIdle();
  expect(await status('one')).toMatchObject({ runtimeStatus: 'Running', customStatus: null });
  await clock.advance(60_000);
  await host.whenIdle();
  expect(await status('one')).toMatchObject({ customStatus: { waitingFor: 'Go' } });
  await fetch(`${host.url}/api/raise/one/Go`, { method: 'POST', body: '{"by":2}' });
  await host.whenIdle();
  expect(await status('one')).toMatchObject({
    runtimeStatus: 'Completed',
    output: { doubled: 6, total: 2, child: 13 },
  });
});

test('the links of a check-status answer lead to this host', async () => {
  const answer = await fetch(`${host.url}/api/start/failing/two`, { method: 'POST', body: '{}' });
  const links = (await answer.json()) as { statusQueryGetUri: string };
  await host.whenIdle();
  const read = (await (await fetch(links.statusQueryGetUri)).json()) as object;
  expect(read).toMatchObject({ name: 'failing', instanceId: 'two', runtimeStatus: 'Failed' });
});

test('the RPC endpoint answers the management API', async () => {
  expect((await fetch(`${host.rpcUrl}/instances/one`)).status).toBe(200);
  expect((await fetch(`${host.rpcUrl}/instances/none`)).status).toBe(404);
  expect((await fetch(new URL('/other', host.rpcUrl))).status).toBe(404);
});

test('5 MB pass through the client of the app, over the RPC endpoint and over the status route', async () => {
  const [input, event] = ['i', 'e'].map((letter) => ({ text: letter.repeat(5 * 1024 * 1024) }));
  const post = (path: string, body: unknown) =>
    fetch(`${host.url}/api/${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect((await post('start/mirror/large', input)).status).toBe(202);
  await host.whenIdle();
  expect((await post('raise/large/Go', event)).status).toBe(202);
  await host.whenIdle();
  const shown = await fetch(`${host.url}/runtime/webhooks/durabletask/instances/large?showInput=true`);
  const whole = { runtimeStatus: 'Completed', input, output: { echoed: input, event } };
  // Compared by hand: an assertion that fails would print it all.
  const { runtimeStatus, input: shownInput, output } = (await shown.json()) as typeof whole;
  expect(JSON.stringify({ runtimeStatus, input: shownInput, output }) === JSON.stringify(whole)).toBe(true);
  const asked = await fetch(`${host.url}/api/output/large`);
  expect((await asked.text()) === JSON.stringify(whole.output)).toBe(true);
});
