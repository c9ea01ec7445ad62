/** A shadow deployment sees copies and can do no harm. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { BackendLauncher } from './backend-launcher.ts';
import { type Fixture, NEVER, specOf, startFixture, until } from './serving-fixture.ts';

const launcher = new BackendLauncher();
let random = 0;
let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture({ launcher, random: () => random });
  for (const name of ['blue', 'shadow']) await fixture.plane.startDeployment(specOf(name), NEVER);
  fixture.plane.setRouting('flights', { traffic: { blue: 100 }, mirrorTraffic: { shadow: 50 } });
});
afterAll(() => fixture.stop());
beforeEach(() => {
  random = 0;
  launcher.respond = undefined;
  fixture.rows.length = 0;
  for (const backend of launcher.backends) backend.bodies.length = 0;
});

test('a mirrored request is answered by the live deployment and logged once for each', async () => {
  expect((await fixture.score('{"a":1}')).body).toBe('"blue"');
  const rows = [...(await fixture.rowsLogged(2))].sort((a, b) => a.deploymentName.localeCompare(b.deploymentName));
  expect(rows.map(({ deploymentName, mirrored }) => [deploymentName, mirrored])).toEqual([
    ['blue', false],
    ['shadow', true],
  ]);
  expect(rows[0]?.xRequestId).toBe(rows[1]?.xRequestId);
  expect(launcher.of('shadow')[0]?.bodies).toEqual(['{"a":1}']);
});

test('a shadow that fails shows in the log only', async () => {
  launcher.respond = (_body, response, request) => {
    const shadow = request.socket.localPort === portOf('shadow');
    response.writeHead(shadow ? 500 : 200).end();
  };
  expect((await fixture.score('{}')).status).toBe(200);
  const rows = await fixture.rowsLogged(2);
  expect(rows.find(({ mirrored }) => mirrored)).toMatchObject({ responseCode: 424, modelStatusCode: 500 });
});

test('a shadow that hangs does not hold the live reply', async () => {
  const hanging: (() => void)[] = [];
  launcher.respond = (_body, response, request) => {
    if (request.socket.localPort === portOf('shadow')) hanging.push(() => response.end());
    else response.end();
  };
  expect((await fixture.score('{}')).status).toBe(200);
  await until(() => hanging.length === 1, 'the copy at the shadow');
  expect((await fixture.rowsLogged(1)).map(({ mirrored }) => mirrored)).toEqual([false]);
  hanging[0]?.();
  await fixture.rowsLogged(2);
});

test('requests outside the share and direct ones are not copied', async () => {
  random = 0.5;
  await fixture.score('{}');
  random = 0;
  await fixture.score('{}', { 'azureml-model-deployment': 'blue' });
  expect((await fixture.rowsLogged(2)).map(({ mirrored }) => mirrored)).toEqual([false, false]);
  expect(launcher.of('shadow')[0]?.bodies).toEqual([]);
});

function portOf(name: string): number {
  return Number(new URL(launcher.of(name)[0]?.origin ?? '').port);
}
