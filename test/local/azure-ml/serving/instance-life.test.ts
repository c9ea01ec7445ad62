/** Readiness, liveness, death and return of instances, with servers that a test can break. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BackendLauncher } from './backend-launcher.ts';
import { type Fixture, NEVER, specOf, startFixture, until } from './serving-fixture.ts';

const PROBE = { initialDelayMs: 0, periodMs: 20, timeoutMs: 1_000, successThreshold: 1, failureThreshold: 2 };
let launcher: BackendLauncher;
let fixture: Fixture;

beforeEach(async () => {
  launcher = new BackendLauncher();
  fixture = await startFixture({ launcher });
  fixture.plane.setRouting('flights', { traffic: { blue: 100 }, mirrorTraffic: {} });
});
afterEach(() => fixture.stop());

test('a deployment whose readiness probes fail is ResourceNotReady and leaves nothing running', async () => {
  launcher.ready = false;
  const outcome = await fixture.plane.startDeployment(specOf('blue', { readiness: PROBE, instanceCount: 2 }), NEVER);
  expect(outcome).toMatchObject({ ok: false, code: 'ResourceNotReady' });
  expect(launcher.backends.map(({ stopped }) => stopped)).toEqual([true, true]);
  expect((await fixture.score('{}')).status).toBe(404);
});

test('a server that comes up late is ready at its next probe', async () => {
  launcher.ready = false;
  const readiness = { ...PROBE, failureThreshold: 500 };
  const started = fixture.plane.startDeployment(specOf('blue', { readiness }), NEVER);
  await until(() => launcher.backends.length === 1, 'the server to start');
  for (const backend of launcher.backends) backend.ready = true;
  expect(await started).toEqual({ ok: true });
});

test('an aborted start is OperationCanceled and leaves nothing running', async () => {
  launcher.ready = false;
  const abort = new AbortController();
  const readiness = { ...PROBE, failureThreshold: 10_000 };
  const started = fixture.plane.startDeployment(specOf('blue', { readiness }), abort.signal);
  await until(() => launcher.backends.length === 1, 'the server to start');
  abort.abort();
  expect(await started).toMatchObject({ ok: false, code: 'OperationCanceled' });
  expect(launcher.backends[0]?.stopped).toBe(true);
});

test('a deployment that is stopped while it starts does not appear afterwards', async () => {
  launcher.ready = false;
  const readiness = { ...PROBE, failureThreshold: 10_000 };
  const started = fixture.plane.startDeployment(specOf('blue', { readiness }), NEVER);
  await until(() => launcher.backends.length === 1, 'the server to start');
  await fixture.plane.stopDeployment('flights', 'blue');
  expect(await started).toMatchObject({ ok: false, code: 'OperationCanceled' });
  expect((await fixture.score('{}')).status).toBe(404);
});

test('a dead process is 424 until it is restarted', async () => {
  await fixture.plane.startDeployment(specOf('blue'), NEVER);
  launcher.ready = false;
  launcher.backends[0]?.crash('exit code 9');
  await until(() => launcher.backends.length === 2, 'the restart');
  const reply = await fixture.score('{}');
  expect(reply.status).toBe(424);
  expect(reply.headers).toMatchObject({
    'ms-azureml-model-error-statuscode': '503',
    'ms-azureml-model-error-reason': 'model_not_ready',
  });
  for (const backend of launcher.backends) backend.ready = true;
  await until(async () => (await fixture.score('{}')).status === 200, 'the instance to be back');
  expect(fixture.logged.join('\n')).toContain('blue-0 is down (exit code 9)');
});

test('of two instances a dead one keeps its half of the requests', async () => {
  await fixture.plane.startDeployment(specOf('blue', { instanceCount: 2 }), NEVER);
  launcher.ready = false;
  launcher.backends[1]?.crash('signal SIGKILL');
  await until(() => launcher.backends.length === 3, 'the restart');
  const statuses: number[] = [];
  for (let request = 0; request < 10; request++) statuses.push((await fixture.score('{}')).status);
  expect(statuses.filter((status) => status === 424)).toHaveLength(5);
  expect(statuses.filter((status) => status === 200)).toHaveLength(5);
});

test('an instance whose liveness probes fail is replaced by a new one', async () => {
  await fixture.plane.startDeployment(specOf('blue', { liveness: PROBE }), NEVER);
  const [first] = launcher.backends;
  if (first) first.ready = false;
  await until(() => launcher.backends.length === 2, 'the restart');
  expect(first?.stopped).toBe(true);
  await until(async () => (await fixture.score('{}')).status === 200, 'the new instance to serve');
  expect(fixture.logged.join('\n')).toContain('2 liveness probes in a row failed');
});
