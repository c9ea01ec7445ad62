/** What a job logged, read as the app does: from a real MLflow behind the local workspace, and from servers that misbehave. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DevCertificates, ensureDevCertificates } from '../../../../local/emulator/certificates.ts';
import { systemClock } from '../../../../local/emulator/clock.ts';
import { type RunningEmulator, startEmulator } from '../../../../local/emulator/server.ts';
import { trustDevCa } from '../../../../local/stack/trust-dev-ca.ts';
import { createAzureMlClient } from '../../../../src/adapters/azure-ml/azure-ml-client.ts';
import { createWorkspace } from '../../../../src/adapters/azure-ml/create-workspace.ts';
import { createRunMetrics } from '../../../../src/adapters/mlflow/create-run-metrics.ts';
import { allowedTrackingUrl } from '../../../../src/adapters/mlflow/tracking-address.ts';
import { credential, WORKSPACE } from '../../../local/azure-ml/azure-ml-fixture.ts';
import { type JobFixture, PYTHON, startJobFixture, until } from '../../../local/azure-ml/jobs/job-fixture.ts';

const MLFLOW_PYTHON = resolve('.slipway/venv/mlflow/bin/python');
const LIMIT_MS = 180_000;

let folder: string;
let tls: DevCertificates;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-mlflow-'));
  tls = await ensureDevCertificates(folder);
  trustDevCa(tls.ca);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the run of a job', () => {
  let fixture: JobFixture;
  beforeAll(async () => {
    if (!existsSync(MLFLOW_PYTHON)) throw new Error(`${MLFLOW_PYTHON} is missing: run npm run setup.`);
    fixture = await startJobFixture({
      tls,
      jobs: { pythonPath: PYTHON, mlflowPythonPath: MLFLOW_PYTHON, stageMs: 10 },
    });
  }, LIMIT_MS);
  afterAll(() => fixture?.stop());

  function metrics() {
    const { subscriptionId, resourceGroup, name } = WORKSPACE;
    const target = { armEndpoint: fixture.azureMl.url, subscriptionId, resourceGroup, workspace: name };
    const workspace = createWorkspace(createAzureMlClient(target, credential()), target);
    return createRunMetrics(workspace, [new URL(fixture.azureMl.url).host], credential());
  }

  test(
    'is read by the name of the job: last values and tags; while the server is down it throws',
    async () => {
      const code = [
        'import mlflow',
        'mlflow.log_metric("gate.rows", 10, step=1)',
        'mlflow.log_metric("gate.rows", 500, step=2)',
        'mlflow.log_metric("gate.champion_loss", 0.25)',
        'mlflow.log_metric("odd", float("nan"))',
        'mlflow.set_tag("slipway.code_commit", "abc")',
      ];
      await fixture.upload('codes', 'logger', '1', { 'log.py': code.join('\n') });
      await fixture.command('train-1', 'python log.py', { codeId: 'azureml:logger:1' });
      expect((await fixture.ended('train-1')).properties.status).toBe('Completed');
      const reading = await metrics().readRun('train-1');
      expect(reading?.metrics).toEqual({ 'gate.rows': 500, 'gate.champion_loss': 0.25 });
      expect(reading?.tags).toMatchObject({ 'slipway.code_commit': 'abc' });
      expect(await metrics().readRun('never-1')).toBeNull();
      await fixture.raw('POST', `${fixture.azureMl.url}/_control/mlflow`, { up: false });
      await expect(metrics().readRun('train-1')).rejects.toThrow('HTTP 503');
      await fixture.raw('POST', `${fixture.azureMl.url}/_control/mlflow`, { up: true });
      const again = await until(
        () =>
          metrics()
            .readRun('train-1')
            .catch(() => null),
        (found) => found !== null,
      );
      expect(again?.metrics['gate.rows']).toBe(500);
    },
    LIMIT_MS,
  );
});

describe('a tracking server', () => {
  let server: RunningEmulator;
  let reply: { status: number; body: unknown; location?: string };
  const seen: { url: string; authorization: string }[] = [];
  beforeAll(async () => {
    server = await startEmulator({
      name: 'tracking',
      port: 0,
      clock: systemClock,
      tls,
      register(app) {
        app.get('/*', async (request, answer) => {
          seen.push({ url: request.url, authorization: request.headers.authorization ?? '' });
          if (reply.location) answer.header('location', reply.location);
          return answer.code(reply.status).send(reply.body);
        });
      },
    });
  });
  afterAll(() => server?.stop());

  function readRun(uri = `azureml://${new URL(server.url).host}/mlflow/v1.0/subscriptions/s/x`) {
    const workspace = { read: async () => ({ trackingUri: uri, isV1Legacy: false }) };
    return createRunMetrics(workspace, [new URL(server.url).host], credential()).readRun('train-1');
  }

  test('is asked once, below the address of the workspace, with the app token', async () => {
    reply = {
      status: 200,
      body: {
        run: {
          info: {},
          data: {
            metrics: [
              { key: 'a', value: 'NaN' },
              { key: 'b', value: 2 },
            ],
          },
        },
      },
    };
    expect(await readRun()).toEqual({ metrics: { b: 2 }, tags: {} });
    expect(seen.at(-1)).toEqual({
      url: '/mlflow/v1.0/subscriptions/s/x/api/2.0/mlflow/runs/get?run_id=train-1',
      authorization: expect.stringMatching(/^Bearer /),
    });
  });

  test('that sends us elsewhere is not followed', async () => {
    const before = seen.length;
    reply = { status: 302, body: '', location: `${server.url}/elsewhere` };
    await expect(readRun()).rejects.toThrow('HTTP 302');
    expect(seen).toHaveLength(before + 1);
  });

  test.each([
    ['refuses', { status: 403, body: { error_code: 'PERMISSION_DENIED', message: 'No.' } }, 'PERMISSION_DENIED'],
    ['talks nonsense', { status: 500, body: 'oops' }, 'no explanation'],
    ['says something else', { status: 200, body: { hello: 1 } }, 'run'],
    ['says too much', { status: 200, body: { run: { pad: 'x'.repeat(5_000_000) } } }, 'larger'],
  ])('that %s makes it throw', async (_what, given, why) => {
    reply = given;
    await expect(readRun()).rejects.toThrow(why);
  });

  test('at another host is never called', async () => {
    const before = seen.length;
    await expect(readRun('azureml://localhost:1/mlflow')).rejects.toThrow('may not call');
    await expect(readRun('')).rejects.toThrow('may not call');
    expect(seen).toHaveLength(before);
  });
});

test.each([
  [
    'azureml://westeurope.api.azureml.ms/mlflow/v1.0/subscriptions/s',
    'https://westeurope.api.azureml.ms/mlflow/v1.0/subscriptions/s',
  ],
  ['https://westeurope.api.azureml.ms/mlflow/', 'https://westeurope.api.azureml.ms/mlflow'],
  ['azureml://westeurope.api.azureml.ms.evil.example/mlflow', null],
  ['azureml://api.azureml.ms:8443/mlflow', null],
  ['azureml://user@westeurope.api.azureml.ms/mlflow', null],
  ['http://westeurope.api.azureml.ms/mlflow', null],
  ['azureml://169.254.169.254/mlflow', null],
])('%s becomes %s', (uri, address) => {
  expect(allowedTrackingUrl(uri, [])).toBe(address);
});
