/** Hooks of the app: they may change inputs, results, errors and log entries. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixture, type HostProcess, startHostProcess } from './host-process.ts';

let host: HostProcess;

beforeAll(async () => {
  host = await startHostProcess(['--script-root', fixture('hooks'), '--port', '0']);
});

afterAll(async () => {
  await host?.kill('SIGKILL');
});

function call(path: string): Promise<Response> {
  return fetch(`${host.url}/api/${path}`);
}

test('a preInvocation hook replaces inputs and handler, and its data reaches the postInvocation hook', async () => {
  const answer = await call('changed');
  expect([answer.headers.get('x-wrapped'), await answer.text()]).toEqual(['yes', '{"replaced":true}']);
  expect(await (await call('order')).json()).toEqual(['start:0', 'post:carried']);
});

test('a postInvocation hook clears an error', async () => {
  const answer = await call('forgiven');
  expect([answer.status, await answer.text()]).toEqual([200, 'forgiven: sorry']);
});

test('a postInvocation hook makes a success fail', async () => {
  expect((await call('condemned')).status).toBe(500);
  expect(host.output()).toContain('a hook said no');
});

test('a log hook changes what is written', async () => {
  await call('logs');
  expect(host.output()).toContain('WARNING [logs] the *** was seen');
  expect(host.output()).not.toContain('secret-value');
});

test('appTerminate hooks run when the host stops', async () => {
  const other = await startHostProcess(['--script-root', fixture('hooks'), '--port', '0']);
  await other.kill('SIGTERM');
  expect(other.output()).toContain('appTerminate ran');
});

test('an exception outside of an invocation ends the process with exit code 1 and its text', async () => {
  const other = await startHostProcess(['--script-root', fixture('hooks'), '--port', '0']);
  await expect(fetch(`${other.url}/api/crash`)).rejects.toThrow();
  expect(await other.ended).toBe(1);
  expect(other.output()).toContain('nobody catches this');
});
