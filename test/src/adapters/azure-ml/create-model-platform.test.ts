/** The Azure ML adapter against the local Azure ML: the contract, what a traffic write keeps, and transient failures. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DevCertificates, ensureDevCertificates } from '../../../../local/emulator/certificates.ts';
import { trustDevCa } from '../../../../local/stack/trust-dev-ca.ts';
import { type AzureMlTarget, createAzureMlClient } from '../../../../src/adapters/azure-ml/azure-ml-client.ts';
import { createModelPlatform } from '../../../../src/adapters/azure-ml/create-model-platform.ts';
import { createScaling } from '../../../../src/adapters/azure-ml/create-scaling.ts';
import type { DeploymentName, EndpointName, ModelName, ModelVersion } from '../../../../src/domain/ids/names.ts';
import type { ModelPlatform } from '../../../../src/ports/model-platform.ts';
import {
  type AzureMlFixture,
  credential,
  ENDPOINT_BODY,
  startFixture,
  WORKSPACE,
} from '../../../local/azure-ml/azure-ml-fixture.ts';
import { describeModelPlatform, SPEC } from '../model-platform-contract.ts';

const ENDPOINT = 'flights' as EndpointName;
const FAILED_START = { ok: false, code: 'ResourceNotReady', message: 'init() failed' } as const;
let tls: DevCertificates;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-adapter-'));
  tls = await ensureDevCertificates(folder);
  trustDevCa(tls.ca);
});
afterAll(() => rmSync(folder, { recursive: true }));

function targetOf(fixture: AzureMlFixture): AzureMlTarget {
  return {
    armEndpoint: fixture.azureMl.url,
    subscriptionId: WORKSPACE.subscriptionId,
    resourceGroup: WORKSPACE.resourceGroup,
    workspace: WORKSPACE.name,
  };
}

function platformOf(fixture: AzureMlFixture): ModelPlatform {
  const target = targetOf(fixture);
  return createModelPlatform(createAzureMlClient(target, credential()), target);
}

async function settle(fixture: AzureMlFixture): Promise<void> {
  const deadlineMs = Date.now() + 5000;
  for (;;) {
    const endpoint = await fixture.raw('GET', '/onlineEndpoints/flights');
    const deployments = await fixture.raw('GET', '/onlineEndpoints/flights/deployments');
    const states = [endpoint.body, ...deployments.body.value].map((item) => item.properties.provisioningState);
    if (states.every((state) => state === 'Succeeded' || state === 'Failed')) return;
    if (Date.now() > deadlineMs) throw new Error(`Still ${states.join(', ')} after 5 s.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describeModelPlatform('Azure ML', async () => {
  const fixture = await startFixture({ tls, operationDelayMs: 60 });
  await fixture.deploy('blue', 'other');
  await fixture.route({ blue: 100 });
  return {
    platform: platformOf(fixture),
    settle: () => settle(fixture),
    async addVersion(version, tags) {
      const { body } = await fixture.raw('GET', '/models/flights/versions/1');
      const { modelUri } = body.properties;
      await fixture.raw('PUT', `/models/flights/versions/${version}`, { properties: { modelUri, tags } });
    },
    failNextDeployment: () => {
      fixture.serving.nextStart = FAILED_START;
    },
    stop: () => fixture.stop(),
  };
});

describe('the Azure ML adapter', () => {
  let fixture: AzureMlFixture;
  let platform: ModelPlatform;
  beforeEach(async () => {
    fixture = await startFixture({ tls });
    await fixture.deploy('blue', 'other');
    platform = platformOf(fixture);
  });
  afterEach(() => fixture.stop());

  test('a traffic write keeps tags, description and identity of the endpoint', async () => {
    const dressed = {
      ...ENDPOINT_BODY,
      tags: { team: 'air' },
      identity: { type: 'SystemAssigned' },
      properties: { authMode: 'Key', description: 'air time', properties: { origin: 'test' }, traffic: { blue: 100 } },
    };
    await fixture.write('PUT', '/onlineEndpoints/flights', dressed);
    await platform.putTraffic(ENDPOINT, { traffic: { blue: 70, other: 30 }, mirror: {} });
    await settle(fixture);
    const { body } = await fixture.raw('GET', '/onlineEndpoints/flights');
    expect(body).toMatchObject({
      tags: { team: 'air' },
      identity: { type: 'SystemAssigned' },
      properties: { description: 'air time', publicNetworkAccess: 'Enabled', traffic: { blue: 70, other: 30 } },
    });
    expect(body.properties.properties.origin).toBe('test');
  });

  test('a deployment is created with the settings of its specification', async () => {
    await platform.putDeployment(SPEC);
    await settle(fixture);
    const { body } = await fixture.raw('GET', '/onlineEndpoints/flights/deployments/green');
    expect(body.properties).toMatchObject({
      instanceType: 'Standard_DS3_v2',
      environmentVariables: { WORKER_COUNT: '2' },
      requestSettings: { requestTimeout: 'PT2.5S', maxConcurrentRequestsPerInstance: 2 },
      livenessProbe: { initialDelay: 'PT0.5S', period: 'PT1S', failureThreshold: 3 },
    });
  });

  test('a deployment that collects data has its collector, and the assets that collected data is found by', async () => {
    await platform.putDeployment({ ...SPEC, dataCollection: { collections: ['model_inputs'], samplingRate: 0.5 } });
    await settle(fixture);
    const { body } = await fixture.raw('GET', '/onlineEndpoints/flights/deployments/green');
    const asset = await fixture.raw('GET', '/data/flights-green-model_inputs/versions/1');
    expect(asset.body.properties).toMatchObject({
      dataType: 'uri_folder',
      dataUri: 'azureml://datastores/workspaceblobstore/paths/modelDataCollector/flights/green/model_inputs',
    });
    expect(body.properties.dataCollector).toMatchObject({
      rollingRate: 'Hour',
      collections: {
        model_inputs: {
          dataCollectionMode: 'Enabled',
          samplingRate: 0.5,
          dataId: expect.stringMatching(/\/data\/flights-green-model_inputs\/versions\/1$/),
        },
      },
    });
  });

  test('another number of instances changes nothing else of a deployment', async () => {
    const before = (await fixture.raw('GET', '/onlineEndpoints/flights/deployments/blue')).body;
    const scaling = createScaling(createAzureMlClient(targetOf(fixture), credential()), targetOf(fixture));
    const blue = 'blue' as DeploymentName;
    expect(await scaling.setInstanceCount(ENDPOINT, blue, 3)).toEqual({ kind: 'accepted' });
    await settle(fixture);
    const after = (await fixture.raw('GET', '/onlineEndpoints/flights/deployments/blue')).body;
    expect(after).toMatchObject({ sku: { capacity: 3 }, properties: { model: before.properties.model } });
    expect(await platform.getDeployment(ENDPOINT, blue)).toMatchObject({ instanceCount: 3 });
    expect(await scaling.setInstanceCount(ENDPOINT, 'absent' as DeploymentName, 3)).toMatchObject({ kind: 'refused' });
  });

  test('tagging a version keeps its stage and description', async () => {
    const { body } = await fixture.raw('GET', '/models/flights/versions/1');
    const properties = { modelUri: body.properties.modelUri, stage: 'Production', description: 'first' };
    await fixture.raw('PUT', '/models/flights/versions/1', { properties });
    await platform.mergeModelVersionTags('flights' as ModelName, '1' as ModelVersion, { 'slipway-status': 'live' });
    const after = await fixture.raw('GET', '/models/flights/versions/1');
    expect(after.body.properties).toMatchObject({
      stage: 'Production',
      description: 'first',
      tags: { 'slipway-status': 'live' },
    });
  });

  test('a refusal carries what Azure says about it', async () => {
    const outcome = await platform.putTraffic(ENDPOINT, { traffic: { blue: 50, nobody: 50 }, mirror: {} });
    expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/nobody.*HTTP 400/s) });
  });

  test('one failing answer is retried within the call', async () => {
    fixture.azureMl.faults.arm({
      match: { method: 'GET', path: '/onlineEndpoints/flights' },
      action: { type: 'fail', status: 503 },
    });
    expect((await platform.getEndpoint(ENDPOINT))?.endpoint).toBe('flights');
  });

  test('a service that keeps failing makes the call throw, for the orchestrator to try later', async () => {
    const fault = { type: 'fail', status: 500 } as const;
    fixture.azureMl.faults.arm({ match: { path: '/onlineEndpoints/flights' }, action: fault, times: 20 });
    await expect(platform.getEndpoint(ENDPOINT)).rejects.toThrow(/HTTP 500/);
    await expect(platform.deleteDeployment(ENDPOINT, 'other' as DeploymentName)).rejects.toThrow(/failed for now/);
  });

  test('a throttled write throws instead of counting as refused', async () => {
    const fault = { type: 'fail', status: 429 } as const;
    fixture.azureMl.faults.arm({ match: { method: 'PUT', path: '/onlineEndpoints/flights' }, action: fault });
    await expect(platform.putTraffic(ENDPOINT, { traffic: { blue: 100 }, mirror: {} })).rejects.toThrow(/HTTP 429/);
  });

  test('a write whose answer is lost is repeated until it is answered', async () => {
    fixture.azureMl.faults.arm({
      match: { method: 'DELETE', path: '/deployments/other' },
      action: { type: 'loseReply' },
    });
    const outcome = await platform.deleteDeployment(ENDPOINT, 'other' as DeploymentName);
    expect(['accepted', 'busy']).toContain(outcome.kind);
    await settle(fixture);
    expect(await platform.getDeployment(ENDPOINT, 'other' as DeploymentName)).toBeNull();
  });
});
