import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../azure-ml-fixture.ts';
import { type JobFixture, metricsIn, PYTHON, startJobFixture, until } from '../jobs/job-fixture.ts';

const MLFLOW_PYTHON = resolve('.slipway/venv/mlflow/bin/python');
const LIMIT_MS = 180_000;
const LOG_GATE = `
import mlflow, os
mlflow.log_metric("gate.rows", 500)
mlflow.log_metrics({"gate.champion_loss": 9.5, "gate.challenger_loss": 7.25})
mlflow.set_tag("slipway.code_commit", "abc")
with open("model.txt", "w") as file:
    file.write("a model")
mlflow.log_artifact("model.txt", "model")
print("run", mlflow.active_run().info.run_id)
`;

let fixture: JobFixture;

beforeAll(async () => {
  if (!existsSync(MLFLOW_PYTHON)) throw new Error(`${MLFLOW_PYTHON} is missing: run npm run setup.`);
  fixture = await startJobFixture({
    jobs: { pythonPath: PYTHON, mlflowPythonPath: MLFLOW_PYTHON, stageMs: 10 },
  });
  await fixture.upload('codes', 'logger', '1', { 'log.py': LOG_GATE });
});
afterAll(() => fixture?.stop());

function control(up: boolean) {
  return fixture.raw('POST', `${fixture.azureMl.url}/_control/mlflow`, { up });
}

test(
  'a job logs with plain MLflow, and the app reads it under the job name',
  async () => {
    await fixture.command('train-1', 'python log.py', { codeId: 'azureml:logger:1', experimentName: 'retrain' });
    const { properties } = await fixture.ended('train-1');
    const log = await fixture.artifact('train-1', 'user_logs/std_log.txt');
    expect(properties, log).toMatchObject({ status: 'Completed', tags: { 'slipway.code_commit': 'abc' } });
    expect(log).toContain('run train-1');
    const { status, body } = await fixture.tracking('runs/get?run_id=train-1');
    expect(status).toBe(200);
    expect(body.run.info).toMatchObject({ run_id: 'train-1', run_uuid: 'train-1', status: 'FINISHED' });
    expect(body.run.info.artifact_uri).toMatch(/^azureml:\/\/datastores\/workspaceartifactstore\//);
    expect(metricsIn(body)).toEqual({ 'gate.rows': 500, 'gate.champion_loss': 9.5, 'gate.challenger_loss': 7.25 });
    expect(await fixture.artifact('train-1', 'model/model.txt')).toBe('a model');
  },
  LIMIT_MS,
);

test(
  'a token for another service is refused, and so is that of a job that has ended',
  async () => {
    expect((await fixture.tracking('runs/get?run_id=train-1', await signToken('https://vault.azure.net'))).status).toBe(
      401,
    );
    await fixture.command('token-1', 'echo "$MLFLOW_TRACKING_TOKEN" > outputs/token');
    await fixture.ended('token-1');
    const token = (await fixture.artifact('token-1', 'outputs/token')).trim();
    expect(token.length).toBeGreaterThan(30);
    expect((await fixture.tracking('runs/get?run_id=train-1', token)).status).toBe(401);
  },
  LIMIT_MS,
);

test(
  'while the tracking server is down the app gets 503 and jobs end all the same; what was logged is still there',
  async () => {
    await fixture.command('train-2', 'python log.py', { codeId: 'azureml:logger:1' });
    await fixture.ended('train-2');
    await control(false);
    const down = await fixture.tracking('runs/get?run_id=train-2');
    expect(down).toMatchObject({ status: 503, body: { error_code: 'TEMPORARILY_UNAVAILABLE' } });
    await fixture.command('unlogged-1', 'python log.py', {
      codeId: 'azureml:logger:1',
      environmentVariables: { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' },
    });
    expect((await fixture.ended('unlogged-1')).properties.status).toBe('Failed');
    expect(await fixture.artifact('unlogged-1', 'user_logs/std_log.txt')).toContain('503');
    await fixture.command('quiet-1', 'echo done');
    expect((await fixture.ended('quiet-1')).properties.status).toBe('Completed');
    await control(true);
    const back = await until(
      () => fixture.tracking('runs/get?run_id=train-2'),
      ({ status }) => status === 200,
    );
    expect(back.body.run.data.metrics).toHaveLength(3);
    const late = await fixture.tracking('runs/get?run_id=unlogged-1');
    expect(late.body.run.info).toMatchObject({ run_id: 'unlogged-1', status: 'FAILED' });
  },
  LIMIT_MS,
);

test(
  'a run that nobody knows is 404, and pages of the server are not shown',
  async () => {
    expect((await fixture.tracking('runs/get?run_id=nobody')).status).toBe(404);
    expect((await fixture.tracking('../../../static-files/index.html')).status).toBe(404);
  },
  LIMIT_MS,
);
