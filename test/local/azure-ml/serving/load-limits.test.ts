/** Time-outs, queueing and refusal under load, in virtual time. */
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../../local/emulator/manual-clock.ts';
import { BackendLauncher } from './backend-launcher.ts';
import { type Fixture, NEVER, specOf, startFixture, until } from './serving-fixture.ts';

class WatchedClock extends ManualClock {
  readonly delaysMs: number[] = [];

  override after(delayMs: number, task: () => void) {
    this.delaysMs.push(delayMs);
    return super.after(delayMs, task);
  }
}

let clock: WatchedClock;
let launcher: BackendLauncher;
let fixture: Fixture;
let held: ServerResponse[];

/** One instance that takes two at a time and answers only when the test says so. */
beforeEach(async () => {
  clock = new WatchedClock();
  launcher = new BackendLauncher();
  held = [];
  launcher.respond = (_body, response) => held.push(response);
  fixture = await startFixture({ launcher, clock });
  const started = fixture.plane.startDeployment(specOf('blue', { maxConcurrentRequestsPerInstance: 2 }), NEVER);
  await until(async () => {
    await clock.advance(0);
    return fixtureReady(started);
  }, 'the deployment to start');
  fixture.plane.setRouting('flights', { traffic: { blue: 100 }, mirrorTraffic: {} });
});
afterEach(() => fixture.stop());

async function fixtureReady(started: Promise<unknown>): Promise<boolean> {
  return Promise.race([started.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))]);
}

test('a model that outlives the request time-out is 408, with the time-out as its duration', async () => {
  const reply = fixture.score('{}');
  await until(() => held.length === 1, 'the request at the model');
  await clock.advance(2_999);
  expect(fixture.rows).toEqual([]);
  await clock.advance(1);
  expect((await reply).status).toBe(408);
  const [row] = await fixture.rowsLogged(1);
  expect(row).toMatchObject({ responseCode: 408, totalDurationMs: 3_000, modelStatusCode: 0, deploymentName: 'blue' });
});

test('an instance works on as many requests as it may; the next ones wait and are served in turn', async () => {
  const replies = [fixture.score('1'), fixture.score('2'), fixture.score('3')];
  await until(() => held.length === 2 && accepted(3), 'two requests at the model and one in the queue');
  await clock.advance(500);
  expect(held).toHaveLength(2);
  held[0]?.end();
  await until(() => held.length === 3, 'the third request at the model');
  for (const response of held.slice(1)) response.end();
  expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('waiting for a free instance counts against the time-out', async () => {
  const replies = [fixture.score('1'), fixture.score('2')];
  await until(() => held.length === 2, 'both slots taken');
  await clock.advance(2_000);
  const late = fixture.score('3');
  await until(() => accepted(3), 'the third request in the queue');
  await clock.advance(1_000);
  expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([408, 408]);
  await until(() => held.length === 3, 'the third request at the model');
  await clock.advance(2_000);
  expect((await late).status).toBe(408);
});

test('one request more than twice the concurrency of all instances is 429 at once', async () => {
  const replies = [1, 2, 3, 4].map((each) => fixture.score(String(each)));
  await until(() => accepted(4), 'four requests pending');
  const refused = await fixture.score('5');
  expect(refused.status).toBe(429);
  expect(refused.headers['ms-azureml-model-error-reason']).toBe('too_many_pending_request');
  launcher.respond = (_body, response) => response.end();
  for (const response of held) response.end();
  expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await fixture.score('6')).status).toBe(200);
});

/** Each accepted request sets its time-out on the clock. */
function accepted(requests: number): boolean {
  return clock.delaysMs.filter((delayMs) => delayMs === 3_000).length >= requests;
}
