/** HTTP functions of an app with `enableHttpStream`, over the wire. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixture, type HostProcess, startHostProcess } from './host-process.ts';

let host: HostProcess;

beforeAll(async () => {
  host = await startHostProcess(['--script-root', fixture('stream'), '--port', '0']);
});

afterAll(async () => {
  await host?.kill('SIGKILL');
});

function call(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${host.url}/api/${path}`, init);
}

test('params include the query string without the key, and the texts of a JSON body', async () => {
  const answer = await call('echo/7?a=1&code=key', {
    method: 'POST',
    body: '{"text":"t","number":5,"id":"from the body"}',
    headers: { 'content-type': 'application/json', 'x-sample': 's' },
  });
  expect(answer.status).toBe(202);
  expect(answer.headers.get('x-seen')).toBe('s');
  expect(await answer.json()).toEqual({
    url: `${host.url}/api/echo/7?a=1&code=key`,
    params: { text: 't', a: '1', id: '7' },
    query: { a: '1', code: 'key' },
    body: '{"text":"t","number":5,"id":"from the body"}',
  });
});

test('each cookie is a header of its own', async () => {
  const { headers } = await call('cookies');
  expect(headers.getSetCookie().map((cookie) => cookie.split(';')[0])).toEqual(['a=1', 'b=x%20y']);
  expect(headers.getSetCookie()[0]).toMatch(/HttpOnly/i);
});

test('a route that does not fit is 404, as without streaming', async () => {
  expect([(await call('echo')).status, (await call('nothing', { method: 'POST' })).status]).toEqual([404, 404]);
});

test('the first part of an answer arrives before the function has written the second', async () => {
  const answer = await call('halves');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const first = await reader?.read();
  expect(first?.value).toBe('first,');
  await call('release', { method: 'POST' });
  const second = await reader?.read();
  expect(second?.value).toBe('second');
});

test('a large body is passed on without loss', async () => {
  const answer = await call('size', { method: 'POST', body: new Uint8Array(5_000_000) });
  expect(await answer.text()).toBe('5000000');
});

test('a handler that returns nothing is answered with 204, one that fails with 500', async () => {
  expect((await call('nothing')).status).toBe(204);
  const failed = await call('fails', { method: 'POST', body: 'x'.repeat(100_000) });
  expect([failed.status, await failed.text()]).toEqual([500, '']);
});

test('a function that fails without reading a large body is still answered', async () => {
  const failed = await call('fails', { method: 'POST', body: new Uint8Array(30_000_000) });
  expect(failed.status).toBe(500);
});

test('fifty requests at once each get their own answer', async () => {
  const ids = Array.from({ length: 50 }, (_, index) => String(index));
  const answers = await Promise.all(ids.map(async (id) => (await call(`echo/${id}`)).json()));
  expect(answers.map((answer) => (answer as { params: { id: string } }).params.id)).toEqual(ids);
});

test('the host stops cleanly while the library’s proxy is open', async () => {
  const other = await startHostProcess(['--script-root', fixture('stream'), '--port', '0']);
  expect(await other.kill('SIGTERM')).toBe(0);
});
