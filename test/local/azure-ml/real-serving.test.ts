import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createDefaultHttpClient, createPipelineRequest } from '@azure/core-rest-pipeline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServingPlane, type RunningServingPlane } from '../../../local/azure-ml/serving/create-serving-plane.ts';
import { ensureDevCertificates } from '../../../local/emulator/certificates.ts';
import { systemClock } from '../../../local/emulator/clock.ts';
import { type AzureMlFixture, DEPLOYMENT_BODY, ENDPOINT_BODY, startFixture } from './azure-ml-fixture.ts';

const PYTHON = resolve('.slipway/venv/serving/bin/python');
const SCORE = `
import json, os
from pathlib import Path

def init():
    global FACTOR
    FACTOR = json.loads((Path(os.environ["AZUREML_MODEL_DIR"]) / "model" / "factor.json").read_text())

def run(raw_data):
    return {"predictions": [FACTOR * x for x in json.loads(raw_data)["data"]]}
`;
const PROBE = { initialDelay: 'PT1S', period: 'PT1S', timeout: 'PT2S', failureThreshold: 25 };

let folder: string;
let serving: RunningServingPlane;
let fixture: AzureMlFixture;
let ca: string;

beforeAll(async () => {
  if (!existsSync(PYTHON)) throw new Error(`${PYTHON} is missing: run npm run setup.`);
  folder = await mkdtemp(join(tmpdir(), 'slipway-real-serving-'));
  const tls = await ensureDevCertificates(join(folder, 'tls'));
  ca = tls.ca;
  serving = await createServingPlane({
    port: 0,
    clock: systemClock,
    tls,
    pythonPath: PYTHON,
    workFolder: join(folder, 'work'),
    traffic: { record: () => undefined },
    verifyBearer: async () => ({ ok: false, reason: 'not used here' }),
    log: () => undefined,
  });
  fixture = await startFixture({ serving });
  await registerFiles();
  await fixture.write('PUT', '/onlineEndpoints/flights', ENDPOINT_BODY);
});
afterAll(async () => {
  await fixture?.stop();
  await serving?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function registerFiles(): Promise<void> {
  await mkdir(join(folder, 'code'));
  await mkdir(join(folder, 'model'));
  await writeFile(join(folder, 'code', 'score.py'), SCORE);
  await writeFile(join(folder, 'code', 'broken.py'), SCORE.replace('factor.json', 'absent.json'));
  await writeFile(join(folder, 'model', 'factor.json'), '3');
  const modelUri = await fixture.azureMl.artifacts.upload(join(folder, 'model'));
  const codeUri = await fixture.azureMl.artifacts.upload(join(folder, 'code'));
  await fixture.raw('PUT', '/models/flights/versions/1', { properties: { modelUri } });
  await fixture.raw('PUT', '/codes/flights/versions/1', { properties: { codeUri } });
  await fixture.raw('PUT', '/environments/flights/versions/1', { properties: { image: 'python:3.11' } });
}

function deploy(name: string, scoringScript: string) {
  const codeConfiguration = { codeId: 'azureml:flights:1', scoringScript };
  const properties = { ...DEPLOYMENT_BODY.properties, codeConfiguration, livenessProbe: PROBE, readinessProbe: PROBE };
  const body = { ...DEPLOYMENT_BODY, sku: { name: 'Default', capacity: 1 }, properties };
  return fixture.write('PUT', `/onlineEndpoints/flights/deployments/${name}`, body);
}

async function score(url: string, key: string): Promise<{ status: number; body: unknown }> {
  const request = createPipelineRequest({ url, method: 'POST', body: '{"data":[1,2]}' });
  request.tlsSettings = { ca };
  request.headers.set('authorization', `Bearer ${key}`);
  request.headers.set('content-type', 'application/json');
  const response = await createDefaultHttpClient().sendRequest(request);
  return { status: response.status, body: JSON.parse(response.bodyAsText || 'null') };
}

test('a deployment made over ARM really scores with its model, once it has traffic and for callers with a key', async () => {
  expect((await deploy('blue', 'score.py')).body).toMatchObject({ status: 'Succeeded' });
  const { scoringUri } = (await fixture.raw('GET', '/onlineEndpoints/flights')).body.properties;
  const { primaryKey } = (await fixture.raw('POST', '/onlineEndpoints/flights/listKeys')).body;
  expect((await score(scoringUri, primaryKey)).status).toBe(404);
  await fixture.route({ blue: 100 });
  expect(await score(scoringUri, primaryKey)).toEqual({ status: 200, body: { predictions: [3, 6] } });
  expect((await score(scoringUri, `${primaryKey}x`)).status).toBe(401);
  await fixture.write('POST', '/onlineEndpoints/flights/regenerateKeys', { keyType: 'Primary' });
  expect((await score(scoringUri, primaryKey)).status).toBe(401);
});

test('a scoring script whose init() fails ends the operation with its code, and its log can be read', async () => {
  const end = await deploy('green', 'broken.py');
  expect(end.body).toMatchObject({ status: 'Failed', error: { code: 'UserScriptInitFailed' } });
  const path = '/onlineEndpoints/flights/deployments/green';
  expect((await fixture.raw('POST', `${path}/getLogs`, { tail: 200 })).body.content).toContain('absent.json');
  expect((await fixture.write('DELETE', path)).status).toBe(204);
});

test('an endpoint in AMLToken mode takes its own token and no other', async () => {
  const body = { ...ENDPOINT_BODY, properties: { authMode: 'AMLToken' } };
  await fixture.write('PUT', '/onlineEndpoints/tokens', body);
  const { scoringUri } = (await fixture.raw('GET', '/onlineEndpoints/tokens')).body.properties;
  const { accessToken } = (await fixture.raw('POST', '/onlineEndpoints/tokens/token')).body;
  expect((await score(scoringUri, accessToken)).status).toBe(404);
  expect((await score(scoringUri, 'another')).status).toBe(401);
});
