/** Durable HTTP calls against a loopback server: results, polling, failures. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { df, sdkInvoker } from './harness/core-module.ts';
import { World } from './harness/virtual-world.ts';

interface Answer {
  readonly statusCode: number;
  readonly content: string;
}

df.app.orchestration('calls', function* (context) {
  const { url, body } = context.df.getInput() as { url: string; body?: string };
  const options = { method: body ? 'POST' : 'GET', url, headers: { 'x-functions-key': 'secret', 'x-own': '1' } };
  const answer = (yield context.df.callHttp(body ? { ...options, body } : options)) as Answer;
  return [answer.statusCode, answer.content];
});

let server: Server;
let base: string;
let world: World;
let polls: string[];
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/slow') {
      response.writeHead(202, { Location: '/status', 'Retry-After': '7' }).end();
    } else if (request.url === '/status') {
      polls.push(`${request.method} ${request.headers['x-own']} ${request.headers['x-functions-key']}`);
      if (polls.length < 2) response.writeHead(202, { Location: '/status' }).end();
      else response.end('ready');
    } else {
      const status = request.url === '/missing' ? 404 : 200;
      request.pipe(response.writeHead(status, { 'content-type': 'text/plain' }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(async () => {
  polls = [];
  world = await new World(sdkInvoker).start();
});

test('a body is sent and the answer is the result', async () => {
  await world.begin('calls', { url: `${base}/echo`, body: 'hello' });
  expect((await world.status()).output).toEqual([200, 'hello']);
});

test('a 404 is an ordinary result', async () => {
  await world.begin('calls', { url: `${base}/missing` });
  expect((await world.status()).output).toEqual([404, '']);
});

test('a 202 with Location is polled with the headers but without the function key', async () => {
  await world.begin('calls', { url: `${base}/slow` });
  expect((await world.status()).runtimeStatus).toBe('Running');
  await world.advance(7000);
  await world.advance(30_000);
  expect(await world.status()).toMatchObject({ runtimeStatus: 'Completed', output: [200, 'ready'] });
  expect(polls).toEqual(['GET 1 undefined', 'GET 1 undefined']);
});

test('a connection that cannot be made fails the task', async () => {
  await world.begin('calls', { url: 'http://127.0.0.1:1/' });
  const { runtimeStatus, output } = await world.status();
  expect(runtimeStatus).toBe('Failed');
  expect(output).toMatch(/Activity function 'BuiltIn::HttpActivity' failed: {2}The HTTP request failed/);
});
