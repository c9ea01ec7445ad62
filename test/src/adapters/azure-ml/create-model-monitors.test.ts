/** Moving a model monitor: what is changed, what is kept, and when nothing is written. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DevCertificates, ensureDevCertificates } from '../../../../local/emulator/certificates.ts';
import { trustDevCa } from '../../../../local/stack/trust-dev-ca.ts';
import { createAzureMlClient } from '../../../../src/adapters/azure-ml/azure-ml-client.ts';
import { createModelMonitors } from '../../../../src/adapters/azure-ml/create-model-monitors.ts';
import type { DeploymentName, EndpointName } from '../../../../src/domain/ids/names.ts';
import type { ModelMonitors, MonitorMove } from '../../../../src/ports/model-monitor.ts';
import { credential, WORKSPACE as fixtureWorkspace, startFixture } from '../../../local/azure-ml/azure-ml-fixture.ts';
import { until } from '../../../local/azure-ml/jobs/job-fixture.ts';
import { testCredential } from '../token-credential.ts';
import { type CapturedArm, startCapturedArm, TARGET, WORKSPACE_ID } from './captured-arm.ts';

const PATH = '/schedules/flights-monitor';
const MOVE: MonitorMove = {
  schedule: 'flights-monitor',
  endpoint: 'flights' as EndpointName,
  deployment: 'green' as DeploymentName,
  reference: 'azureml:flights-rows:3',
};

let folder: string;
let tls: DevCertificates;
let arm: CapturedArm;
let monitors: ModelMonitors;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-monitors-'));
  tls = await ensureDevCertificates(folder);
  trustDevCa(tls.ca);
  arm = await startCapturedArm(tls);
  const target = { ...TARGET, armEndpoint: arm.emulator.url };
  monitors = createModelMonitors(createAzureMlClient(target, testCredential), target);
});
afterAll(async () => {
  await arm.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  arm.requests.length = 0;
  arm.documents.clear();
  arm.documents.set('/data/flights-rows/versions/3', {
    properties: { dataType: 'uri_folder', dataUri: 'azureml://x' },
  });
});

/** As the REST reference writes it; ids in both forms. */
function aMonitor(ids: 'arm' | 'short' = 'arm') {
  const asset = (name: string, version: string) =>
    ids === 'arm' ? `${WORKSPACE_ID}/data/${name}/versions/${version}` : `azureml:${name}:${version}`;
  const thresholds = [{ dataType: 'Numerical', metric: 'NormalizedWassersteinDistance', threshold: { value: 0.1 } }];
  return {
    id: `${WORKSPACE_ID}${PATH}`,
    name: 'flights-monitor',
    properties: {
      displayName: 'drift of flights',
      isEnabled: true,
      provisioningState: 'Succeeded',
      trigger: { triggerType: 'Recurrence', frequency: 'Day', interval: 1, timeZone: 'UTC' },
      action: {
        actionType: 'CreateMonitor',
        monitorDefinition: {
          computeConfiguration: { computeType: 'ServerlessSpark', instanceType: 'standard_e4s_v3' },
          monitoringTarget: {
            taskType: 'Regression',
            deploymentId:
              ids === 'arm' ? `${WORKSPACE_ID}/onlineEndpoints/flights/deployments/blue` : 'azureml:flights:blue',
          },
          signals: {
            drift: {
              signalType: 'DataDrift',
              productionData: {
                inputDataType: 'Rolling',
                jobInputType: 'uri_folder',
                uri: asset('flights-blue-model_inputs', '1'),
                windowSize: 'P1D',
              },
              referenceData: { inputDataType: 'Fixed', jobInputType: 'uri_file', uri: asset('flights-reference', '1') },
              metricThresholds: thresholds,
            },
            attribution: {
              signalType: 'FeatureAttributionDrift',
              productionData: [
                { jobInputType: 'uri_folder', uri: asset('flights-blue-model_outputs', '1') },
                {
                  jobInputType: 'uri_folder',
                  uri: 'azureml://datastores/d/paths/modelDataCollector/flights/blue/other',
                },
              ],
              referenceData: {
                inputDataType: 'Rolling',
                jobInputType: 'uri_folder',
                uri: asset('flights-blue-model_inputs', '1'),
              },
            },
          },
        },
      },
    },
  };
}

const puts = () => arm.requests.filter(({ method }) => method === 'PUT');

function written() {
  const put = puts().at(-1);
  if (!put) throw new Error('Nothing was written.');
  return (put.body as ReturnType<typeof aMonitor>).properties;
}
const definition = () => written().action.monitorDefinition;

describe('moving a monitor', () => {
  test('points target, production data and reference at the new deployment, and keeps the rest', async () => {
    arm.documents.set(PATH, aMonitor());
    expect(await monitors.moveMonitor(MOVE)).toEqual({ kind: 'submitted' });
    const [put] = puts();
    expect(put).toMatchObject({
      path: PATH,
      apiVersion: '2024-04-01',
      authorization: expect.stringMatching(/^Bearer /),
    });
    const before = aMonitor();
    expect(put?.body).toMatchObject({
      properties: { displayName: 'drift of flights', isEnabled: true, trigger: before.properties.trigger },
    });
    expect(written()).not.toHaveProperty('provisioningState');
    const { monitoringTarget, signals, computeConfiguration } = definition();
    expect(computeConfiguration).toEqual(before.properties.action.monitorDefinition.computeConfiguration);
    expect(monitoringTarget).toEqual({
      taskType: 'Regression',
      deploymentId: `${WORKSPACE_ID}/onlineEndpoints/flights/deployments/green`,
    });
    expect(signals.drift.productionData).toMatchObject({
      uri: `${WORKSPACE_ID}/data/flights-green-model_inputs/versions/1`,
      windowSize: 'P1D',
    });
    expect(signals.drift.referenceData).toEqual({
      inputDataType: 'Fixed',
      jobInputType: 'uri_folder',
      uri: `${WORKSPACE_ID}/data/flights-rows/versions/3`,
    });
    expect(signals.drift.metricThresholds).toHaveLength(1);
    expect(signals.attribution.productionData.map(({ uri }) => uri)).toEqual([
      `${WORKSPACE_ID}/data/flights-green-model_outputs/versions/1`,
      'azureml://datastores/d/paths/modelDataCollector/flights/green/other',
    ]);
  });

  test('a reference of collected data follows the deployment instead', async () => {
    arm.documents.set(PATH, aMonitor());
    await monitors.moveMonitor(MOVE);
    const { referenceData } = definition().signals.attribution;
    expect(referenceData.uri).toBe(`${WORKSPACE_ID}/data/flights-green-model_inputs/versions/1`);
  });

  test('short references stay short', async () => {
    arm.documents.set(PATH, aMonitor('short'));
    await monitors.moveMonitor(MOVE);
    const { monitoringTarget, signals } = definition();
    expect(monitoringTarget.deploymentId).toBe('azureml:flights:green');
    expect(signals.drift.productionData.uri).toBe('azureml:flights-green-model_inputs:1');
    expect(signals.drift.referenceData.uri).toBe('azureml:flights-rows:3');
  });

  test('without a new reference the monitor goes on comparing with what it has', async () => {
    arm.documents.set(PATH, aMonitor());
    await monitors.moveMonitor({ ...MOVE, reference: null });
    expect(definition().signals.drift.referenceData.uri).toContain('flights-reference');
  });

  test('towards a reference that does not exist is refused: nothing is half moved', async () => {
    arm.documents.set(PATH, aMonitor());
    const absent = await monitors.moveMonitor({ ...MOVE, reference: 'azureml:flights-rows:9' });
    expect(absent).toMatchObject({ kind: 'refused', reason: expect.stringContaining('flights-rows:9') });
    expect(puts()).toEqual([]);
  });

  test('once it is there, nothing is written again', async () => {
    arm.documents.set(PATH, aMonitor());
    await monitors.moveMonitor(MOVE);
    expect(await monitors.moveMonitor(MOVE)).toEqual({ kind: 'in-place' });
    expect(puts()).toHaveLength(1);
  });

  test('a write that Azure did not finish is made again', async () => {
    const failed = aMonitor();
    arm.documents.set(PATH, { ...failed, properties: { ...failed.properties, provisioningState: 'Failed' } });
    await monitors.moveMonitor(MOVE);
    arm.documents.set(PATH, {
      properties: { ...written(), provisioningState: 'Failed' },
    });
    expect(await monitors.moveMonitor(MOVE)).toEqual({ kind: 'submitted' });
    expect(puts()).toHaveLength(2);
  });

  test('while an operation runs it waits, after a refusal it says why', async () => {
    const monitor = aMonitor();
    arm.documents.set(PATH, { ...monitor, properties: { ...monitor.properties, provisioningState: 'Updating' } });
    expect(await monitors.moveMonitor(MOVE)).toMatchObject({
      kind: 'busy',
      reason: expect.stringContaining('Updating'),
    });
    arm.documents.set(PATH, monitor);
    arm.emulator.faults.arm({ match: { method: 'PUT', path: PATH }, action: { type: 'fail', status: 400 } });
    expect(await monitors.moveMonitor(MOVE)).toMatchObject({ kind: 'refused' });
    expect(puts()).toEqual([]);
  });

  test.each([
    ['is not there', null],
    ['starts jobs', { properties: { action: { actionType: 'CreateJob', jobDefinition: {} } } }],
    ['watches another endpoint', JSON.parse(JSON.stringify(aMonitor()).replaceAll('/flights/', '/other/'))],
  ])('a schedule that %s is refused and left alone', async (_what, document) => {
    if (document) arm.documents.set(PATH, document);
    expect(await monitors.moveMonitor(MOVE)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('flights-monitor'),
    });
    expect(puts()).toEqual([]);
  });
});

test('the local Azure ML takes the moved monitor, and shows it in place', async () => {
  const fixture = await startFixture({ tls });
  const workspace = fixtureWorkspace.name;
  const { subscriptionId, resourceGroup } = fixtureWorkspace;
  const target = { armEndpoint: fixture.azureMl.url, subscriptionId, resourceGroup, workspace };
  const adapter = createModelMonitors(createAzureMlClient(target, credential()), target);
  const { drift } = aMonitor('short').properties.action.monitorDefinition.signals;
  const definition = {
    computeConfiguration: {
      computeType: 'ServerlessSpark',
      instanceType: 'standard_e4s_v3',
      runtimeVersion: '3.4',
      computeIdentity: { computeIdentityType: 'AmlToken' },
    },
    monitoringTarget: { taskType: 'Regression', deploymentId: 'azureml:flights:blue' },
    signals: { drift: { ...drift, productionData: { ...drift.productionData, windowOffset: 'P0D' } } },
  };
  const { trigger } = aMonitor().properties;
  const action = { actionType: 'CreateMonitor', monitorDefinition: definition };
  await fixture.raw('PUT', '/data/flights-rows/versions/3', {
    properties: { dataType: 'uri_folder', dataUri: 'azureml://datastores/workspaceblobstore/paths/rows/' },
  });
  const put = await fixture.write('PUT', PATH, { properties: { trigger, action } });
  expect(put.body).toMatchObject({ status: 'Succeeded' });
  const settled = (kind: string) => kind === 'in-place' || kind === 'refused';
  const end = await until(
    () => adapter.moveMonitor(MOVE),
    ({ kind }) => settled(kind),
  );
  expect(end).toEqual({ kind: 'in-place' });
  const { body } = await fixture.raw('GET', PATH);
  const { monitoringTarget, signals } = body.properties.action.monitorDefinition;
  expect(monitoringTarget).toEqual({ taskType: 'Regression', deploymentId: 'azureml:flights:green' });
  expect(signals.drift.productionData.uri).toBe('azureml:flights-green-model_inputs:1');
  expect(signals.drift.referenceData).toMatchObject({ jobInputType: 'uri_folder', uri: 'azureml:flights-rows:3' });
  await fixture.stop();
});
