/** Deployments on Azure ML's own inference server, from the serving environment that `npm run setup` makes. */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeploymentSpec } from '../../../../local/azure-ml/seams/serving-plane.ts';
import { createPythonLauncher } from '../../../../local/azure-ml/serving/process/python-launcher.ts';
import { type Fixture, NEVER, specOf, startFixture, until } from './serving-fixture.ts';

const PYTHON = resolve('.slipway/venv/serving/bin/python');
const SCRIPTS = join(import.meta.dirname, 'score-scripts');
const READINESS = { initialDelayMs: 0, periodMs: 200, timeoutMs: 10_000, successThreshold: 1, failureThreshold: 5 };
const SECRET = 'SLIPWAY_TEST_SECRET';

let fixture: Fixture;
let modelFolder: string;

beforeAll(async () => {
  process.env[SECRET] = 'not for models';
  fixture = await startFixture({ pythonPath: PYTHON });
  modelFolder = join(fixture.folder, 'model');
  await mkdir(modelFolder);
  await writeFile(join(modelFolder, 'model.txt'), 'version 1');
  const spec = realSpec('blue', 'echo', { instanceCount: 2, environmentVariables: { COLOUR: 'blue' } });
  expect(await fixture.plane.startDeployment(spec, NEVER)).toEqual({ ok: true });
  fixture.plane.setRouting('flights', { traffic: { blue: 100 }, mirrorTraffic: {} });
});
afterAll(async () => {
  delete process.env[SECRET];
  await fixture?.stop();
});

function realSpec(name: string, script: string, given: Partial<DeploymentSpec> = {}): DeploymentSpec {
  return specOf(name, { modelFolder, codeFolder: join(SCRIPTS, script), readiness: READINESS, ...given });
}

describe('a running deployment', () => {
  test('scores with its model, in as many processes as it has instances', async () => {
    const replies = await Promise.all([fixture.score('{"row":1}'), fixture.score('{"row":2}')]);
    const bodies = replies.map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ asked, model }) => [asked.row, model])).toEqual([
      [1, 'version 1'],
      [2, 'version 1'],
    ]);
    expect(new Set(bodies.map(({ pid }) => pid)).size).toBe(2);
  });

  test('gives the script the variables of the deployment and none of its own', async () => {
    const { variables } = JSON.parse((await fixture.score('{}')).body);
    expect(variables).toEqual(expect.arrayContaining(['COLOUR', 'AZUREML_MODEL_DIR', 'AML_APP_ROOT']));
    expect(variables).not.toContain(SECRET);
  });

  test('listens on loopback only and keeps what the script prints', () => {
    const logs = fixture.plane.logs('flights', 'blue', 500);
    expect(logs.match(/Listening at: \S+/g)).toEqual(
      Array(2).fill(expect.stringMatching(/http:\/\/127\.0\.0\.1:\d+$/)),
    );
    expect(logs).toContain('model loaded');
    expect(fixture.plane.logs('flights', 'blue', 2).split('\n')).toHaveLength(2);
  });

  test('answers 424 with the inner status when run() raises', async () => {
    const reply = await fixture.score('{"fail":true}');
    expect([reply.status, reply.headers['ms-azureml-model-error-statuscode']]).toEqual([424, '500']);
    expect(fixture.plane.logs('flights', 'blue', 100)).toContain('ordered to fail');
  });

  test('answers 408 for a run() beyond the time-out, in time, and serves on', async () => {
    const reply = await fixture.score('{"sleepMs":3500}');
    expect(reply.status).toBe(408);
    const row = await fixture.rowOf(reply);
    expect(row?.totalDurationMs).toBeGreaterThanOrEqual(3_000);
    expect(row?.totalDurationMs).toBeLessThan(3_400);
    expect((await fixture.score('{}')).status).toBe(200);
  });

  test('answers 424 when its server dies, and is back by itself', async () => {
    const reply = await fixture.score('{"exit":true}');
    expect([reply.status, reply.headers['ms-azureml-model-error-reason']]).toEqual([424, 'model_error']);
    await until(() => fixture.logged.some((line) => line.includes('is down (exit code 3)')), 'the death to be seen');
    const back = () => fixture.plane.logs('flights', 'blue', 50).includes('The instance is ready again.');
    await until(back, 'the instance to be back');
    const replies = await Promise.all([fixture.score('{}'), fixture.score('{}')]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('a deployment that cannot start', () => {
  test.each([
    ['import-error', 'UserScriptImportError', 'a_module_that_nobody_has'],
    ['init-error', 'UserScriptInitFailed', 'the model file is damaged'],
    ['no-run', 'UserScriptFunctionNotFound', 'does not have a run() function'],
  ])('%s is %s, with the reason from its log', async (script, code, reason) => {
    const outcome = await fixture.plane.startDeployment(realSpec('bad', script), NEVER);
    expect(outcome).toMatchObject({ ok: false, code, message: expect.stringContaining(reason) });
    expect(fixture.plane.logs('flights', 'bad', 100)).toContain(reason);
  });

  test('an init() that never ends is ResourceNotReady, and its process is killed', async () => {
    const readiness = { ...READINESS, timeoutMs: 300, failureThreshold: 3 };
    const outcome = await fixture.plane.startDeployment(realSpec('hung', 'never-ready', { readiness }), NEVER);
    expect(outcome).toMatchObject({ ok: false, code: 'ResourceNotReady' });
    const port = Number(/Listening at: \S+:(\d+)/.exec(fixture.plane.logs('flights', 'hung', 100))?.[1]);
    expect(await accepts(port)).toBe(false);
  });
});

test('a model server that ignores requests to end does not outlive a killed parent', async () => {
  const script = join(import.meta.dirname, 'parent-process.ts');
  const args = [script, PYTHON, fixture.folder, join(SCRIPTS, 'never-ready')];
  const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const origin = await new Promise<string>((told) => parent.stdout.once('data', (text) => told(String(text).trim())));
  const port = Number(new URL(origin).port);
  expect(await accepts(port)).toBe(true);
  parent.kill('SIGKILL');
  // Master and worker both hold the listening socket: a refused connection means that both are gone.
  await until(async () => !(await accepts(port)), 'the model server to end');
});

test('a missing serving environment is named together with the command that makes it', () => {
  expect(() => createPythonLauncher('/nowhere/python', fixture.folder)).toThrow('run npm run setup');
});

function accepts(port: number): Promise<boolean> {
  return new Promise((told) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => told(true)).once('error', () => told(false));
    socket.once('connect', () => socket.destroy());
  });
}
