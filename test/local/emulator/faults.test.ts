/** Faults ordered over `/_control` reach the next matching calls, and only those. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { type RunningEmulator, startEmulator } from '../../../local/emulator/server.ts';

let emulator: RunningEmulator;
let clock: ManualClock;
let executed: number;

beforeEach(async () => {
  clock = new ManualClock();
  executed = 0;
  emulator = await startEmulator({
    name: 'sample',
    port: 0,
    clock,
    register: (app) => {
      app.all('/things/:id', async () => {
        executed += 1;
        return { done: true };
      });
    },
  });
});
afterEach(() => emulator.stop());

const call = (method = 'GET', signal?: AbortSignal) =>
  fetch(`${emulator.url}/things/1`, { method, signal: signal ?? null });
const arm = (fault: unknown) =>
  fetch(`${emulator.url}/_control/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });

test('a failure is answered as ordered, as often as ordered, without executing the call', async () => {
  const action = { type: 'fail', status: 503, body: { oh: 'no' }, headers: { 'retry-after': '7' } };
  expect((await arm({ match: { method: 'PUT', path: '/THINGS/' }, action, times: 2 })).status).toBe(201);
  expect((await call('GET')).status).toBe(200);
  const failed = await call('PUT');
  expect([failed.status, failed.headers.get('retry-after'), await failed.json()]).toEqual([503, '7', { oh: 'no' }]);
  expect((await call('PUT')).status).toBe(503);
  expect((await call('PUT')).status).toBe(200);
  expect(executed).toBe(2);
});

test('faults are used in the order they were armed', async () => {
  emulator.faults.arm({ match: { path: 'things' }, action: { type: 'fail', status: 500 } });
  emulator.faults.arm({ match: { path: 'things' }, action: { type: 'fail', status: 429 } });
  expect([(await call()).status, (await call()).status, (await call()).status]).toEqual([500, 429, 200]);
});

test('a lost reply leaves the caller without an answer although the call was executed', async () => {
  emulator.faults.arm({ match: { path: 'things' }, action: { type: 'loseReply' } });
  await expect(call()).rejects.toThrow();
  expect(executed).toBe(1);
});

test('a dropped connection and a hanging call are not executed', async () => {
  emulator.faults.arm({ match: { path: 'things' }, action: { type: 'drop' } });
  await expect(call()).rejects.toThrow();
  emulator.faults.arm({ match: { path: 'things' }, action: { type: 'hang' } });
  await expect(call('GET', AbortSignal.timeout(50))).rejects.toThrow();
  expect(executed).toBe(0);
});

test('a delayed call waits on the emulator clock and then succeeds', async () => {
  emulator.faults.arm({ match: { path: 'things' }, action: { type: 'delay', delayMs: 60_000 } });
  const answer = call();
  const deadlineMs = Date.now() + 5000;
  while (clock.nextDueMs() === undefined && Date.now() < deadlineMs)
    await new Promise((resolve) => setImmediate(resolve));
  expect(executed).toBe(0);
  await clock.advance(60_000);
  expect((await answer).status).toBe(200);
});

test('calls are listed with status and time, control calls are not; a reset forgets all', async () => {
  emulator.faults.arm({ match: { path: 'things' }, action: { type: 'fail', status: 500 } });
  await call('PUT');
  await call('GET');
  const list = async () => (await fetch(`${emulator.url}/_control/calls`)).json();
  expect(await list()).toEqual([
    { atMs: clock.nowMs(), method: 'PUT', url: '/things/1', status: 500 },
    { atMs: clock.nowMs(), method: 'GET', url: '/things/1', status: 200 },
  ]);
  emulator.faults.arm({ match: { path: 'things' }, action: { type: 'fail', status: 500 } });
  expect((await fetch(`${emulator.url}/_control`, { method: 'DELETE' })).status).toBe(204);
  expect(await list()).toEqual([]);
  expect((await call()).status).toBe(200);
});

test.each([
  [{ match: { path: 'x' }, action: { type: 'explode' } }],
  [{ match: { path: 'x' }, action: { type: 'fail', status: 200 } }],
  [{ match: { path: 'x' }, action: { type: 'drop' }, times: 0 }],
  [{ match: { path: '(' }, action: { type: 'drop' } }],
])('%j is refused with 400', async (fault) => {
  expect((await arm(fault)).status).toBe(400);
});
