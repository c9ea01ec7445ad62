/** The Azure Monitor adapter against the local Azure Monitor: the contract, lateness, refusals and half answers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DevCertificates, ensureDevCertificates } from '../../../../local/emulator/certificates.ts';
import { ManualClock } from '../../../../local/emulator/manual-clock.ts';
import { type RunningEmulator, startEmulator } from '../../../../local/emulator/server.ts';
import { type RunningMonitor, startMonitor } from '../../../../local/monitor/start-monitor.ts';
import { trustDevCa } from '../../../../local/stack/trust-dev-ca.ts';
import { createTelemetry } from '../../../../src/adapters/azure-monitor/create-telemetry.ts';
import { trafficQuery } from '../../../../src/adapters/azure-monitor/traffic-query.ts';
import type { EndpointName } from '../../../../src/domain/ids/names.ts';
import { binOf, LATENCY_GAMMA } from '../../../../src/domain/judge/reading/traffic-bucket.ts';
import type { Telemetry } from '../../../../src/ports/telemetry.ts';
import { servedRequest } from '../../../local/monitor/monitor-fixture.ts';
import { describeTelemetry, QUERY, type ServedRequest, START_MS } from '../telemetry-contract.ts';
import { testCredential, verifyTestToken } from '../token-credential.ts';

const TARGET = {
  logAnalyticsWorkspaceId: '66666666-7777-4888-8999-000000000000',
  subscriptionId: '11111111-1111-1111-1111-111111111111',
  resourceGroup: 'rg-test',
  workspace: 'ws-test',
};
const ENDPOINTS = `/subscriptions/${TARGET.subscriptionId}/resourceGroups/rg-test/providers/Microsoft.MachineLearningServices/workspaces/ws-test/onlineEndpoints`;

let folder: string;
let tls: DevCertificates;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-monitor-'));
  tls = await ensureDevCertificates(folder);
  trustDevCa(tls.ca);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function open(clock: ManualClock, options: { delayMs: number; grain?: number }) {
  const monitor = await startMonitor({
    port: 0,
    clock,
    tls,
    verifyBearer: verifyTestToken,
    logAnalyticsWorkspaceId: TARGET.logAnalyticsWorkspaceId,
    ingestionDelayMs: { min: options.delayMs, max: options.delayMs },
    metricDelayMs: 0,
    issueToken: () => Promise.reject(new Error('This monitor has no alert rules.')),
    metricGrainSeconds: options.grain ?? 60,
  });
  const endpoints = { logsEndpoint: monitor.url, metricsEndpoint: monitor.url };
  return { monitor, telemetry: createTelemetry({ ...TARGET, ...endpoints }, testCredential) };
}

function serve(
  monitor: RunningMonitor,
  { endpoint, deployment, atMs, durationMs, status }: ServedRequest,
  workspace = 'ws-test',
) {
  monitor.sink.record(
    servedRequest({
      endpointResourceId: `${ENDPOINTS}/${endpoint}`,
      endpointName: endpoint,
      deploymentName: deployment,
      workspaceName: workspace,
      startedAtMs: atMs,
      totalDurationMs: durationMs,
      responseCode: status,
      modelStatusCode: status,
    }),
  );
}

describeTelemetry('Azure Monitor', async () => {
  const clock = new ManualClock(START_MS + 3_600_000);
  const { monitor, telemetry } = await open(clock, { delayMs: 0 });
  return { telemetry, serve: (request) => serve(monitor, request), stop: () => monitor.stop() };
});

describe('the Azure Monitor adapter', () => {
  const REQUEST = { endpoint: 'flights', deployment: 'green-1', atMs: START_MS, durationMs: 20, status: 200 };
  let clock: ManualClock;
  let monitor: RunningMonitor;
  let telemetry: Telemetry;
  beforeEach(async () => {
    clock = new ManualClock(START_MS + 3_600_000);
    ({ monitor, telemetry } = await open(clock, { delayMs: 0 }));
    return () => monitor.stop();
  });

  test('rows of another workspace with the same endpoint name are not counted', async () => {
    serve(monitor, REQUEST, 'ws-other');
    expect(await telemetry.readBuckets(QUERY)).toEqual([]);
  });

  test('one look costs one log query and one metric query', async () => {
    serve(monitor, REQUEST);
    await Promise.all([telemetry.readBuckets(QUERY), telemetry.readRequestCounts(QUERY)]);
    const seen = () => monitor.faults.calls().map(({ method, status }) => `${method} ${status}`);
    await expect.poll(() => [...seen()].sort()).toEqual(['GET 200', 'POST 200']);
  });

  test('a service that keeps failing makes both reads throw', async () => {
    monitor.faults.arm({ match: { path: '/' }, action: { type: 'fail', status: 503 }, times: 20 });
    await expect(telemetry.readBuckets(QUERY)).rejects.toThrow();
    await expect(telemetry.readRequestCounts(QUERY)).rejects.toThrow();
  });

  test('an endpoint name that could change the query is refused before anything is sent', async () => {
    const endpoint = 'a" or 1==1 //' as EndpointName;
    await expect(telemetry.readBuckets({ ...QUERY, endpoint })).rejects.toThrow(/no name/);
    expect(monitor.faults.calls()).toEqual([]);
  });
});

describe('answers that say only half', () => {
  let answer: object;
  let server: RunningEmulator;
  let telemetry: Telemetry;
  beforeEach(async () => {
    const register = (app: FastifyInstance) => void app.all('/*', async () => answer);
    server = await startEmulator({ name: 'half', port: 0, clock: new ManualClock(), tls, register });
    telemetry = createTelemetry({ ...TARGET, logsEndpoint: server.url, metricsEndpoint: server.url }, testCredential);
    return () => server.stop();
  });

  test('a partial log result is a failure, not a smaller number', async () => {
    const columns = ['DeploymentName', 'bucketStart', 'latencyBin', 'requests', 'errors'].map((name) => ({
      name,
      type: 'long',
    }));
    const tables = [{ name: 'PrimaryResult', columns, rows: [] }];
    answer = { tables, error: { code: 'PartialError', message: 'The query exceeded a limit.' } };
    await expect(telemetry.readBuckets(QUERY)).rejects.toThrow(/only in part: The query exceeded a limit/);
    answer = { tables };
    expect(await telemetry.readBuckets(QUERY)).toEqual([]);
  });

  test('a metric that carries an error code is a failure, not zero requests', async () => {
    const metric = { id: 'x', type: 'x', name: { value: 'RequestsPerMinute' }, unit: 'Count', timeseries: [] };
    const envelope = { cost: 0, timespan: '2026-01-05T12:00:00Z/2026-01-05T12:03:00Z', interval: 'PT1M' };
    answer = { ...envelope, value: [{ ...metric, errorCode: 'InternalError' }] };
    await expect(telemetry.readRequestCounts(QUERY)).rejects.toThrow(/InternalError/);
    answer = { ...envelope, value: [] };
    await expect(telemetry.readRequestCounts(QUERY)).rejects.toThrow(/without the metric/);
    answer = { ...envelope, value: [{ ...metric, errorCode: 'Success' }] };
    expect(await telemetry.readRequestCounts(QUERY)).toEqual([]);
  });
});

test('buckets of two seconds are read where the metric has that grain', async () => {
  const clock = new ManualClock(START_MS + 3_600_000);
  const { monitor, telemetry } = await open(clock, { delayMs: 0, grain: 2 });
  const request = { endpoint: 'flights', deployment: 'green-1', durationMs: 5, status: 200 };
  for (const offsetMs of [0, 1999, 2000, 5999, 6000]) serve(monitor, { ...request, atMs: START_MS + offsetMs });
  const query = { ...QUERY, bucketSeconds: 2, toMs: START_MS + 6000 };
  const counted = (items: readonly { startMs: number; requests: number }[]) =>
    items.filter(({ requests }) => requests > 0).map(({ startMs, requests }) => [startMs - START_MS, requests]);
  const expected = [
    [0, 2],
    [2000, 1],
    [4000, 1],
  ];
  expect(counted(await telemetry.readBuckets(query))).toEqual(expected);
  expect(counted(await telemetry.readRequestCounts(query))).toEqual(expected);
  await monitor.stop();
});

test('rows that are still on their way are missing in the log but not in the metric', async () => {
  const clock = new ManualClock(START_MS + 10_000);
  const { monitor, telemetry } = await open(clock, { delayMs: 180_000 });
  serve(monitor, { endpoint: 'flights', deployment: 'green-1', atMs: START_MS, durationMs: 5, status: 200 });
  await clock.advance(110_000);
  expect(await telemetry.readBuckets(QUERY)).toEqual([]);
  expect((await telemetry.readRequestCounts(QUERY)).filter(({ requests }) => requests > 0)).toHaveLength(1);
  await clock.advance(120_000);
  expect(await telemetry.readBuckets(QUERY)).toHaveLength(1);
  await monitor.stop();
});

test('for whole milliseconds the bins of the query are those of the judge', () => {
  const differing = [];
  for (let ms = 0; ms <= 300_000; ms += 1) {
    const queried = Math.floor(Math.log(Math.max(1, ms)) / Math.log(LATENCY_GAMMA));
    if (queried !== binOf(ms)) differing.push(ms);
  }
  expect(differing).toEqual([]);
});

describe('trafficQuery', () => {
  test('names stand quoted in the query', () => {
    expect(trafficQuery(QUERY, 'ws-test')).toContain(
      'EndpointName == "flights" and DeploymentName in ("green-1", "blue-1")',
    );
  });

  test.each([
    ['a quote', '"'],
    ['a line break', 'a\nb'],
    ['a comment', 'a//b'],
    ['nothing', ''],
    ['65 characters', 'x'.repeat(65)],
  ])('a workspace name with %s is refused', (_case, name) => {
    expect(() => trafficQuery(QUERY, name)).toThrow(/no name/);
  });

  test('a query without deployments, and one with a broken bucket, are refused', () => {
    expect(() => trafficQuery({ ...QUERY, deployments: [] }, 'ws-test')).toThrow(/1 to 20/);
    expect(() => trafficQuery({ ...QUERY, bucketSeconds: 0.5 }, 'ws-test')).toThrow(/cannot be queried/);
  });
});
