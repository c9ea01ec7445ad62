import { readdir } from 'node:fs/promises';
import type { AzureMachineLearningWorkspaces, OnlineDeployment } from '@azure/arm-machinelearning';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AzureMlFixture, DEPLOYMENT_BODY, ENDPOINT_BODY, POLL_FAST, startFixture } from './azure-ml-fixture.ts';

let fixture: AzureMlFixture;
let client: AzureMachineLearningWorkspaces;

beforeEach(async () => {
  fixture = await startFixture();
  client = fixture.client;
});
afterEach(() => fixture.stop());

const at = ['rg-test', 'ws-test', 'flights'] as const;

describe('a deployment made by the official client', () => {
  const blue = [...at, 'blue'] as const;

  beforeEach(async () => {
    await fixture.registerAssets();
    await fixture.write('PUT', '/onlineEndpoints/flights', ENDPOINT_BODY);
  });

  test('runs with the documented defaults and its own copies of model and code', async () => {
    const created = await client.onlineDeployments.beginCreateOrUpdateAndWait(
      ...blue,
      DEPLOYMENT_BODY as OnlineDeployment,
      POLL_FAST,
    );
    expect(created).toMatchObject({ sku: { capacity: 2 }, properties: { provisioningState: 'Succeeded' } });
    expect(created.properties.requestSettings).toMatchObject({ requestTimeout: 'PT5S' });
    const spec = fixture.serving.running.get('flights/blue');
    expect(spec).toMatchObject({
      instanceCount: 2,
      requestTimeoutMs: 5000,
      maxConcurrentRequestsPerInstance: 1,
      liveness: { initialDelayMs: 10_000, periodMs: 10_000, timeoutMs: 2000, failureThreshold: 30 },
    });
    expect(await readdir(spec?.modelFolder ?? '')).toEqual(['model.json']);
    expect(await readdir(spec?.codeFolder ?? '')).toEqual(['score.py']);
  });

  test('whose start fails ends the poller with the code, and is Failed when it is read again', async () => {
    fixture.serving.nextStart = { ok: false, code: 'UserScriptInitFailed', message: 'init() raised KeyError' };
    const body = DEPLOYMENT_BODY as OnlineDeployment;
    await expect(client.onlineDeployments.beginCreateOrUpdateAndWait(...blue, body, POLL_FAST)).rejects.toThrow(
      /UserScriptInitFailed.*init\(\) raised KeyError/s,
    );
    const failed = await client.onlineDeployments.get(...blue);
    expect(failed.properties.provisioningState).toBe('Failed');
    await client.onlineDeployments.beginDeleteAndWait(...blue, POLL_FAST);
    await expect(client.onlineDeployments.get(...blue)).rejects.toMatchObject({ statusCode: 404 });
  });

  test('is scaled by PATCH of sku.capacity without a restart', async () => {
    await fixture.write('PUT', '/onlineEndpoints/flights/deployments/blue', DEPLOYMENT_BODY);
    const scaled = await client.onlineDeployments.beginUpdateAndWait(
      ...blue,
      { sku: { name: 'Default', capacity: 3 } },
      POLL_FAST,
    );
    expect(scaled.sku?.capacity).toBe(3);
    expect(fixture.serving.running.get('flights/blue')?.instanceCount).toBe(3);
    expect(fixture.serving.starts).toBe(1);
  });

  test('restarts only when what it runs has changed', async () => {
    const path = '/onlineEndpoints/flights/deployments/blue';
    await fixture.write('PUT', path, DEPLOYMENT_BODY);
    const collector = { collections: { model_inputs: { dataCollectionMode: 'Enabled' } } };
    const relabelled = { ...DEPLOYMENT_BODY, tags: { a: 'b' } };
    const collecting = { ...relabelled, properties: { ...DEPLOYMENT_BODY.properties, dataCollector: collector } };
    await fixture.write('PUT', path, relabelled);
    expect(fixture.serving.starts).toBe(1);
    await fixture.write('PUT', path, collecting);
    expect(fixture.serving.starts).toBe(2);
    expect(fixture.serving.running.get('flights/blue')?.dataCollection).toMatchObject({
      rollingRate: 'Hour',
      collections: [
        { name: 'model_inputs', samplingRate: 1, blobPath: 'modelDataCollector/flights/blue/model_inputs' },
      ],
    });
    expect((await fixture.raw('GET', path)).body.properties.dataCollector).toEqual(collector);
    expect((await client.onlineDeployments.get(...blue)).properties).not.toHaveProperty('dataCollector');
    const changed = { ...DEPLOYMENT_BODY.properties, environmentVariables: { MODE: 'new' } };
    await fixture.write('PUT', path, { ...DEPLOYMENT_BODY, properties: changed });
    expect(fixture.serving.starts).toBe(3);
    expect(fixture.serving.running.get('flights/blue')).not.toHaveProperty('dataCollection');
    expect(fixture.serving.running.get('flights/blue')?.environmentVariables).toEqual({ MODE: 'new' });
    expect((await fixture.raw('GET', path)).body.properties).not.toHaveProperty('dataCollector');
  });

  test('is not deleted while it holds live or mirrored traffic', async () => {
    await fixture.deploy('blue', 'green');
    await fixture.route({ blue: 100 }, { green: 10 });
    for (const name of ['blue', 'green']) {
      const answer = await fixture.raw('DELETE', `/onlineEndpoints/flights/deployments/${name}`);
      expect(answer.status).toBe(400);
      expect(answer.body.error.details[0].code).toBe('DeploymentHasTraffic');
    }
    await fixture.route({ blue: 100, green: 0 });
    expect((await fixture.write('DELETE', '/onlineEndpoints/flights/deployments/green')).status).toBe(204);
    expect([...fixture.serving.running.keys()]).toEqual(['flights/blue']);
    expect((await fixture.raw('GET', '/onlineEndpoints/flights')).body.properties.traffic).toEqual({ blue: 100 });
  });

  test('gives its logs and its sizes', async () => {
    await fixture.write('PUT', '/onlineEndpoints/flights/deployments/blue', DEPLOYMENT_BODY);
    const logs = await client.onlineDeployments.getLogs(...blue, { tail: 7 });
    expect(logs.content).toBe('last 7 lines of blue');
    const storage = await client.onlineDeployments.getLogs(...blue, { containerType: 'StorageInitializer' });
    expect(storage.content).toContain('model flights:1');
    for await (const sku of client.onlineDeployments.listSkus(...blue)) expect(sku.capacity?.maximum).toBe(50);
  });

  test.each([
    ['bb', {}, 'InvalidName'],
    ['bl--ue', {}, 'InvalidName'],
    ['blue', { model: 'azureml:flights:9' }, 'ResourceNotFound'],
    ['blue', { model: 'azureml://registries/r/models/flights/versions/1' }, 'ResourceNotFound'],
    ['blue', { environmentId: 'azureml:nowhere:1' }, 'ResourceNotFound'],
    ['blue', { codeConfiguration: { codeId: 'azureml:none:1', scoringScript: 'score.py' } }, 'ResourceNotFound'],
    ['blue', { instanceType: undefined }, 'ValidationError'],
    ['blue', { requestSettings: { requestTimeout: 'PT181S' } }, 'ValidationError'],
    ['blue', { requestSettings: { requestTimeout: '3000' } }, 'ValidationError'],
    ['blue', { codeConfiguration: { codeId: 'azureml:flights:1', scoringScript: '../x.py' } }, 'ValidationError'],
  ])('named %s with %j is refused (%s)', async (name, properties, code) => {
    const body = { ...DEPLOYMENT_BODY, properties: { ...DEPLOYMENT_BODY.properties, ...properties } };
    const answer = await fixture.raw('PUT', `/onlineEndpoints/flights/deployments/${name}`, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.details[0].code).toBe(code);
    expect(fixture.serving.starts).toBe(0);
  });

  test('whose files were never uploaded fails with ResourceNotFound', async () => {
    const modelUri = 'azureml://datastores/workspaceblobstore/paths/none/model';
    await fixture.raw('PUT', '/models/flights/versions/2', { properties: { modelUri } });
    const properties = { ...DEPLOYMENT_BODY.properties, model: 'azureml:flights:2' };
    const end = await fixture.write('PUT', '/onlineEndpoints/flights/deployments/blue', {
      ...DEPLOYMENT_BODY,
      properties,
    });
    expect(end.body).toMatchObject({ status: 'Failed', error: { code: 'ResourceNotFound' } });
  });

  test('beyond the twentieth of an endpoint is refused', async () => {
    for (let count = 1; count <= 20; count += 1) {
      await fixture.write('PUT', `/onlineEndpoints/flights/deployments/d-${count}`, DEPLOYMENT_BODY);
    }
    const answer = await fixture.raw('PUT', '/onlineEndpoints/flights/deployments/d-21', DEPLOYMENT_BODY);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'OutOfQuota' } } });
  });

  test('that failed to update keeps its settings and its place in the traffic', async () => {
    await fixture.write('PUT', '/onlineEndpoints/flights/deployments/blue', DEPLOYMENT_BODY);
    await fixture.route({ blue: 100 });
    fixture.serving.nextStart = { ok: false, code: 'ResourceNotReady', message: 'never ready' };
    const properties = { ...DEPLOYMENT_BODY.properties, environmentVariables: { MODE: 'new' } };
    await fixture.write('PUT', '/onlineEndpoints/flights/deployments/blue', { ...DEPLOYMENT_BODY, properties });
    const seen = await client.onlineDeployments.get(...blue);
    expect(seen.properties).toMatchObject({ provisioningState: 'Failed', environmentVariables: {} });
    expect((await fixture.route({ blue: 100 })).body).toMatchObject({ status: 'Succeeded' });
  });

  test('is deployed with the newest wish when a failed first try is put again', async () => {
    fixture.serving.nextStart = { ok: false, code: 'ResourceNotReady', message: 'never ready' };
    await fixture.write('PUT', '/onlineEndpoints/flights/deployments/blue', DEPLOYMENT_BODY);
    fixture.serving.nextStart = { ok: true };
    const again = await fixture.write('PUT', '/onlineEndpoints/flights/deployments/blue', DEPLOYMENT_BODY);
    expect(again.body).toMatchObject({ status: 'Succeeded' });
    expect(fixture.serving.running.get('flights/blue')?.instanceCount).toBe(2);
  });
});
