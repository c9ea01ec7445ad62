/** A steady client sees no failure around any change of routing, size or set of deployments. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BackendLauncher } from './backend-launcher.ts';
import { type Fixture, NEVER, specOf, startFixture, until } from './serving-fixture.ts';

let launcher: BackendLauncher;
let fixture: Fixture;
let statuses: number[];
let served: Set<string>;
let ended: Promise<unknown>;
let ending: boolean;

const SLOW_MS = 5;

beforeEach(async () => {
  launcher = new BackendLauncher();
  launcher.respond = (_body, response) => setTimeout(() => response.end(), SLOW_MS);
  fixture = await startFixture({ launcher });
  await fixture.plane.startDeployment(specOf('blue', { instanceCount: 2 }), NEVER);
  route({ blue: 100 });
  [statuses, served, ending] = [[], new Set(), false];
  ended = Promise.all([client(), client()]);
});
afterEach(() => fixture.stop());

async function client(): Promise<void> {
  while (!ending) {
    const reply = await fixture.score('{}');
    statuses.push(reply.status);
    served.add(String(reply.headers['azureml-model-deployment']));
  }
}

function route(traffic: Record<string, number>, mirrorTraffic: Record<string, number> = {}): void {
  fixture.plane.setRouting('flights', { traffic, mirrorTraffic });
}

async function moreRequests(): Promise<void> {
  const wanted = statuses.length + 20;
  await until(() => statuses.length >= wanted, '20 more replies');
}

async function expectNoFailure(): Promise<void> {
  ending = true;
  await ended;
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
}

test('a whole rollout: start, mirror, split, promotion, deletion of the old deployment', async () => {
  await fixture.plane.startDeployment(specOf('green', { instanceCount: 2 }), NEVER);
  route({ blue: 100 }, { green: 50 });
  await moreRequests();
  route({ blue: 50, green: 50 });
  await moreRequests();
  expect(served).toEqual(new Set(['blue', 'green']));
  route({ green: 100, blue: 0 });
  await fixture.plane.stopDeployment('flights', 'blue');
  await moreRequests();
  await expectNoFailure();
  expect(launcher.of('blue').map(({ stopped }) => stopped)).toEqual([true, true]);
});

test('scaling out and in', async () => {
  expect(await fixture.plane.scaleDeployment('flights', 'blue', 3)).toEqual({ ok: true });
  await moreRequests();
  expect(launcher.backends[2]?.bodies.length).toBeGreaterThan(0);
  expect(await fixture.plane.scaleDeployment('flights', 'blue', 1)).toEqual({ ok: true });
  expect(launcher.backends.map(({ stopped }) => stopped)).toEqual([false, true, true]);
  await moreRequests();
  await expectNoFailure();
});

test('a changed deployment takes over from its predecessor', async () => {
  const changed = specOf('blue', { environmentVariables: { NEW: '1' }, instanceCount: 2 });
  expect(await fixture.plane.startDeployment(changed, NEVER)).toEqual({ ok: true });
  expect(launcher.backends.map(({ stopped }) => stopped)).toEqual([true, true, false, false]);
  await moreRequests();
  await expectNoFailure();
});

test('a change that does not become ready leaves the predecessor serving', async () => {
  launcher.ready = false;
  const outcome = await fixture.plane.startDeployment(specOf('blue', { modelFolder: '/other' }), NEVER);
  expect(outcome).toMatchObject({ ok: false, code: 'ResourceNotReady' });
  await moreRequests();
  await expectNoFailure();
});

test('a scale-out that does not become ready leaves the instances as they were', async () => {
  launcher.ready = false;
  const outcome = await fixture.plane.scaleDeployment('flights', 'blue', 3);
  expect(outcome).toMatchObject({ ok: false, code: 'ResourceNotReady' });
  expect(launcher.backends.map(({ stopped }) => stopped)).toEqual([false, false, true]);
  await moreRequests();
  await expectNoFailure();
});

test('a deployment is stopped only when its running requests are answered', async () => {
  ending = true;
  await ended;
  let answer = () => {};
  launcher.respond = (_body, response) => {
    answer = () => response.end('late');
  };
  const before = launcher.of('blue').reduce((sum, { bodies }) => sum + bodies.length, 0);
  const reply = fixture.score('{}');
  await until(() => launcher.of('blue').reduce((sum, { bodies }) => sum + bodies.length, 0) > before, 'the request');
  const stopped = fixture.plane.stopDeployment('flights', 'blue');
  answer();
  expect(await reply).toMatchObject({ status: 200, body: 'late' });
  await stopped;
  expect((await fixture.score('{}')).status).toBe(404);
});
