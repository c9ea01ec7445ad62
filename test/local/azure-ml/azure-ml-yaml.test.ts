import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ArmWrite, armWritesFromYaml } from '../../../local/azure-ml/azure-ml-yaml.ts';
import type { Overrides } from '../../../local/azure-ml/yaml/yaml-file.ts';
import { type AzureMlFixture, startFixture, WORKSPACE_ID } from './azure-ml-fixture.ts';

const SCHEMAS = 'https://azuremlschemas.azureedge.net/latest';
const DEPLOYMENT = `
$schema: ${SCHEMAS}/managedOnlineDeployment.schema.json
name: blue
endpoint_name: flights
model: azureml:flights:1
code_configuration:
  code: ./code
  scoring_script: score.py
environment: azureml:serving:1
environment_variables:
  WORKER_COUNT: 2
instance_type: Standard_DS3_v2
instance_count: 2
request_settings:
  request_timeout_ms: 3500
  max_concurrent_requests_per_instance: 2
liveness_probe:
  initial_delay: 5
  period: 7
readiness_probe:
  failure_threshold: 25
data_collector:
  collections:
    model_inputs:
      enabled: 'True'
      data: { name: rows, version: 1 }
  sampling_rate: 0.5
  rolling_rate: hour
`;

let fixture: AzureMlFixture;
let folder: string;

beforeEach(async () => {
  fixture = await startFixture();
  folder = await mkdtemp(join(tmpdir(), 'slipway-yaml-'));
  await mkdir(join(folder, 'code'));
  await mkdir(join(folder, 'model'));
  await writeFile(join(folder, 'code', 'score.py'), 'def init(): pass\n');
  await writeFile(join(folder, 'model', 'weights.json'), '[1]');
  await writeFile(join(folder, 'conda.yml'), 'name: serving\n');
});
afterEach(async () => {
  await fixture.stop();
  await rm(folder, { recursive: true, force: true });
});

async function writes(text: string, overrides?: Overrides): Promise<readonly ArmWrite[]> {
  const file = join(folder, 'file.yml');
  await writeFile(file, text);
  return armWritesFromYaml(file, {
    workspaceId: WORKSPACE_ID,
    location: 'westeurope',
    upload: (path) => fixture.azureMl.artifacts.upload(path),
    ...(overrides ? { overrides } : {}),
  });
}

/** Makes every write and returns the operation's last answer. */
async function put(text: string, overrides?: Overrides) {
  const answers = [];
  for (const { path, body } of await writes(text, overrides)) answers.push(await fixture.write('PUT', path, body));
  return answers.at(-1);
}

const MODEL = `
$schema: ${SCHEMAS}/model.schema.json
name: flights
version: 1
path: ./model
tags: { trainedTo: 2013-03-31, rows: 1000 }
`;
const ENVIRONMENT = `
$schema: ${SCHEMAS}/environment.schema.json
name: serving
version: "1"
image: python:3.11
conda_file: ./conda.yml
`;
const ENDPOINT = `
$schema: ${SCHEMAS}/managedOnlineEndpoint.schema.json
name: flights
auth_mode: key
`;

describe('CLI YAML files', () => {
  test('of model, environment, endpoint and deployment bring a deployment up', async () => {
    await put(MODEL);
    await put(ENVIRONMENT);
    await put(ENDPOINT);
    expect((await put(DEPLOYMENT))?.body).toMatchObject({ status: 'Succeeded' });
    const spec = fixture.serving.running.get('flights/blue');
    expect(spec).toMatchObject({
      instanceCount: 2,
      requestTimeoutMs: 3500,
      maxConcurrentRequestsPerInstance: 2,
      environmentVariables: { WORKER_COUNT: '2' },
      liveness: { initialDelayMs: 5000, periodMs: 7000, timeoutMs: 2000 },
      readiness: { failureThreshold: 25 },
    });
    expect(await readFile(join(spec?.modelFolder ?? '', 'model', 'weights.json'), 'utf8')).toBe('[1]');
    expect(await readFile(join(spec?.codeFolder ?? '', 'score.py'), 'utf8')).toContain('init');
    const deployment = await fixture.raw('GET', '/onlineEndpoints/flights/deployments/blue');
    expect(deployment.body.properties.dataCollector).toEqual({
      collections: {
        model_inputs: {
          dataCollectionMode: 'Enabled',
          samplingRate: 0.5,
          dataId: `${WORKSPACE_ID}/data/rows/versions/1`,
        },
      },
      rollingRate: 'Hour',
    });
    expect((await fixture.raw('GET', '/data/rows/versions/1')).body.properties).toMatchObject({
      dataType: 'uri_folder',
      dataUri: 'azureml://datastores/workspaceblobstore/paths/modelDataCollector/flights/blue/model_inputs',
    });
    const model = await fixture.raw('GET', '/models/flights/versions/1');
    expect(model.body.properties.tags).toEqual({ trainedTo: '2013-03-31', rows: '1000' });
    const environment = await fixture.raw('GET', '/environments/serving/versions/1');
    expect(environment.body.properties.condaFile).toBe('name: serving\n');
  });

  test('take overrides of top-level members', async () => {
    const [write] = await writes(MODEL, { version: '2', tags: { stage: 'candidate' } });
    expect(write).toMatchObject({
      path: '/models/flights/versions/2',
      body: { properties: { tags: { stage: 'candidate' } } },
    });
  });

  test('with a model and an environment in place register them anonymously first', async () => {
    const made = await writes(DEPLOYMENT, { model: { path: './model' }, environment: { image: 'python:3.11' } });
    const kinds = made.map(({ path }) => path.split('/')[1]);
    expect(kinds).toEqual(['models', 'environments', 'codes', 'data', 'onlineEndpoints']);
    const again = await writes(DEPLOYMENT, { model: { path: './model' }, environment: { image: 'python:3.11' } });
    expect(again).toEqual(made);
  });

  test('with traffic and mirror keep them in the endpoint body', async () => {
    const [write] = await writes(`${ENDPOINT}traffic: { blue: 100 }\nmirror_traffic: { green: 10 }\n`);
    expect(write?.body).toMatchObject({ properties: { traffic: { blue: 100 }, mirrorTraffic: { green: 10 } } });
  });

  test('with wrong members are refused with all of them', async () => {
    await expect(writes(DEPLOYMENT, { instance_count: 0, instance_typ: 'x', code_configuration: {} })).rejects.toThrow(
      /code_configuration\.code: .*\n.*code_configuration\.scoring_script: .*\n.*instance_count: .*\n.*instance_typ/,
    );
  });

  test.each([
    ['an unknown schema', 'name: x\n', /has the \$schema 'undefined'/],
    ['no mapping', '- a\n', /does not hold a YAML mapping/],
    ['a label instead of a version', DEPLOYMENT.replace('azureml:flights:1', 'azureml:flights@latest'), /@latest/],
  ])('with %s are refused', async (_case, text, message) => {
    await expect(writes(text)).rejects.toThrow(message);
  });
});
