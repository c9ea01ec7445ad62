/** The common server: Azure-like routing, empty bodies, limits, loopback only. */
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../local/emulator/clock.ts';
import { type EmulatorOptions, type RunningEmulator, startEmulator } from '../../../local/emulator/server.ts';

let emulator: RunningEmulator;
const options: EmulatorOptions = {
  name: 'sample',
  port: 0,
  clock: systemClock,
  bodyLimitBytes: 1000,
  register: (app) => {
    app.get('/subscriptions/:id/things', async (request) => request.params);
    app.post('/echo', async (request) => ({ body: request.body ?? 'absent' }));
  },
};

beforeEach(async () => {
  emulator = await startEmulator(options);
});
afterEach(() => emulator.stop());

const post = (body: string, contentType = 'application/json') =>
  fetch(`${emulator.url}/echo`, { method: 'POST', headers: { 'content-type': contentType }, body });

test.each([
  '/subscriptions/Ab/things',
  '/SUBSCRIPTIONS/Ab/Things',
  '//subscriptions/Ab//things',
  '/subscriptions/Ab/things/',
])('%s finds its route and keeps the case of the parameter', async (path) => {
  expect(await (await fetch(`${emulator.url}${path}`)).json()).toEqual({ id: 'Ab' });
});

test('a JSON content type without a body is an absent body', async () => {
  expect(await (await post('')).json()).toEqual({ body: 'absent' });
});

test.each(['application/json', 'application/json; charset=utf-8', 'application/cloudevents-batch+json; charset=utf-8'])(
  'a body of %s is parsed',
  async (contentType) => {
    expect(await (await post('[1]', contentType)).json()).toEqual({ body: [1] });
  },
);

test('a body that is no JSON gets 400, one above the limit 413', async () => {
  expect((await post('{')).status).toBe(400);
  expect((await post(JSON.stringify('x'.repeat(1000)))).status).toBe(413);
});

test('a taken port is told with the emulator and the port', async () => {
  await expect(startEmulator({ ...options, port: emulator.port })).rejects.toThrow(
    `The sample emulator cannot listen on 127.0.0.1:${emulator.port}`,
  );
});

test('the server is reached on loopback only', async () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address && !address.internal && address.family === 'IPv4');
  const reached = await Promise.all(outside.map((address) => accepts(address?.address ?? '', emulator.port)));
  expect(reached.some(Boolean)).toBe(false);
  expect(await accepts('127.0.0.1', emulator.port)).toBe(true);
});

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });
}

test('stopping ends open connections and frees the port', async () => {
  await fetch(`${emulator.url}/subscriptions/1/things`);
  await emulator.stop();
  expect(await accepts('127.0.0.1', emulator.port)).toBe(false);
});
