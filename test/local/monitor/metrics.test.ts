/** Metrics as the real MetricsQueryClient asks for and reads them. */
import type { MetricsQueryOptions } from '@azure/monitor-query';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TrafficLogEntry } from '../../../local/contracts/traffic-log.ts';
import { callMonitor } from './call-monitor.ts';
import { ENDPOINT_ID, type MonitorFixture, START_MS, servedRequest, startFixture } from './monitor-fixture.ts';

const MINUTE_MS = 60_000;
let fixture: MonitorFixture;

beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.monitor.stop());

const ONE_MINUTE = { timespan: { startTime: new Date(START_MS), duration: 'PT1M' } };

async function record(...changes: Partial<TrafficLogEntry>[]) {
  for (const change of changes) fixture.monitor.sink.record(servedRequest(change));
  await fixture.clock.advance(10 * MINUTE_MS);
}

async function ask(metric: string, options: MetricsQueryOptions = {}, resource = ENDPOINT_ID) {
  const result = await fixture.metrics.queryResource(resource, [metric], { ...ONE_MINUTE, ...options });
  const found = result.getMetricByName(metric);
  if (!found) throw new Error('the answer lacks the metric');
  return found.timeseries.map(({ metadataValues, data }) => ({
    split: Object.fromEntries((metadataValues ?? []).map(({ name, value }) => [name, value])),
    values: (data ?? []).map(({ average }) => average),
    times: (data ?? []).map(({ timeStamp }) => timeStamp.getTime() - START_MS),
  }));
}

describe('values', () => {
  test('requests are counted per grain and a grain without requests has only its time', async () => {
    await record({}, {}, { startedAtMs: START_MS + 2 * MINUTE_MS });
    const timespan = { startTime: new Date(START_MS), duration: 'PT4M' };
    expect(await ask('RequestsPerMinute', { timespan, aggregations: ['Average'] })).toEqual([
      { split: {}, values: [2, undefined, 1, undefined], times: [0, MINUTE_MS, 2 * MINUTE_MS, 3 * MINUTE_MS] },
    ]);
  });

  test('the average of a longer interval is over the grains that had requests', async () => {
    await record({}, {}, {}, { startedAtMs: START_MS + MINUTE_MS });
    const timespan = { startTime: new Date(START_MS), duration: 'PT5M' };
    expect(await ask('RequestsPerMinute', { timespan, granularity: 'PT5M' })).toMatchObject([{ values: [2] }]);
  });

  test('a split by all dimensions counts, without it series are averaged', async () => {
    await record({}, {}, {}, { responseCode: 424, modelStatusCode: 500 });
    expect(await ask('RequestsPerMinute')).toMatchObject([{ split: {}, values: [2] }]);
    expect(
      await ask('RequestsPerMinute', {
        filter: "deployment eq 'blue' and statusCode eq '*' and statusCodeClass eq '*' and modelStatusCode eq '*'",
      }),
    ).toMatchObject([
      { split: { deployment: 'blue', statuscode: '200', statuscodeclass: '2xx', modelstatuscode: '200' }, values: [3] },
      { split: { deployment: 'blue', statuscode: '424', statuscodeclass: '4xx', modelstatuscode: '500' }, values: [1] },
    ]);
  });

  test('latency is averaged over requests and percentiles are taken per deployment', async () => {
    await record(
      { totalDurationMs: 10 },
      { totalDurationMs: 20 },
      { totalDurationMs: 60 },
      { totalDurationMs: 400, deploymentName: 'green', mirrored: true },
    );
    const split = { filter: "deployment eq 'blue' or deployment eq 'green'" };
    expect(await ask('RequestLatency', split)).toMatchObject([{ values: [30] }, { values: [400] }]);
    expect(await ask('RequestLatency_P50', split)).toMatchObject([{ values: [20] }, { values: [400] }]);
    expect(await ask('RequestLatency_P95', { filter: "deployment eq 'BLUE'" })).toMatchObject([{ values: [60] }]);
    expect(await ask('RequestLatency')).toMatchObject([{ values: [122.5] }]);
  });

  test('a deployment has metrics of its own', async () => {
    await record({}, {}, { responseCode: 500 }, { deploymentName: 'green' });
    const blue = `${ENDPOINT_ID}/deployments/BLUE`;
    expect(await ask('RequestsPerMinute', { filter: "envoy_response_code eq '*'" }, blue)).toMatchObject([
      { split: { envoy_response_code: '200' }, values: [2] },
      { split: { envoy_response_code: '500' }, values: [1] },
    ]);
    expect(await ask('RequestLatency_P99', {}, blue)).toMatchObject([{ values: [10] }]);
  });

  test('resource ids compare without case and other endpoints do not count', async () => {
    await record({}, { endpointResourceId: `${ENDPOINT_ID}2` });
    expect(await ask('RequestsPerMinute', {}, ENDPOINT_ID.toLowerCase())).toMatchObject([{ values: [1] }]);
    expect(await ask('RequestsPerMinute', {}, `${ENDPOINT_ID}3`)).toMatchObject([{ values: [undefined] }]);
    expect(await ask('RequestsPerMinute', { filter: "deployment eq 'none'" })).toEqual([]);
  });

  test('a split returns ten series unless more are asked for, in the order asked for', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `d${String(index).padStart(2, '0')}`);
    await record(...names.flatMap((deploymentName, index) => Array(index + 1).fill({ deploymentName })));
    const filter = "deployment eq '*'";
    expect(await ask('RequestsPerMinute', { filter })).toHaveLength(10);
    expect(await ask('RequestsPerMinute', { filter, top: 100 })).toHaveLength(12);
    const [first] = await ask('RequestsPerMinute', { filter, top: 1, orderBy: 'average desc' });
    expect(first).toMatchObject({ split: { deployment: 'd11' }, values: [12] });
  });
});

describe('lateness and grain', () => {
  test('a value appears only after its grain has ended and the delay has passed', async () => {
    await fixture.monitor.stop();
    fixture = await startFixture({ metricGrainSeconds: 2, metricDelayMs: 3000 });
    fixture.monitor.sink.record(servedRequest());
    const options: MetricsQueryOptions = {
      timespan: { startTime: new Date(START_MS), duration: 'PT4S' },
      granularity: 'PT2S',
    };
    await fixture.clock.advance(4999);
    expect(await ask('RequestsPerMinute', options)).toMatchObject([{ values: [undefined, undefined] }]);
    await fixture.clock.advance(1);
    expect(await ask('RequestsPerMinute', options)).toMatchObject([{ values: [1, undefined], times: [0, 2000] }]);
  });

  test('the one minute interval of a two second grain averages its samples', async () => {
    await fixture.monitor.stop();
    fixture = await startFixture({ metricGrainSeconds: 2 });
    await record({}, {}, {}, { startedAtMs: START_MS + 30_000 });
    expect(await ask('RequestsPerMinute', { granularity: 'PT1M' })).toMatchObject([{ values: [2] }]);
  });
});

describe('answers and lists', () => {
  test('the answer carries unit, namespace, region and interval', async () => {
    await record({});
    const result = await fixture.metrics.queryResource(ENDPOINT_ID, ['RequestLatency_P95', 'RequestsPerMinute'], {
      ...ONE_MINUTE,
      metricNamespace: 'microsoft.machinelearningservices/workspaces/onlineendpoints',
    });
    expect(result).toMatchObject({
      granularity: 'PT1M',
      namespace: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
      resourceRegion: 'westeurope',
      metrics: [
        { name: 'RequestLatency_P95', unit: 'MilliSeconds', errorCode: 'Success' },
        { name: 'RequestsPerMinute', unit: 'Count' },
      ],
    });
  });

  test('definitions tell dimensions, the one aggregation and the intervals', async () => {
    const found = [];
    for await (const definition of fixture.metrics.listMetricDefinitions(ENDPOINT_ID)) found.push(definition);
    expect(found.map(({ name }) => name)).toEqual([
      'RequestsPerMinute',
      'RequestLatency',
      'RequestLatency_P50',
      'RequestLatency_P90',
      'RequestLatency_P95',
      'RequestLatency_P99',
    ]);
    expect(found[0]).toMatchObject({
      dimensions: ['deployment', 'statusCode', 'statusCodeClass', 'modelStatusCode'],
      supportedAggregationTypes: ['Average'],
    });
    expect(found[0]?.metricAvailabilities?.map(({ granularity }) => granularity)).toEqual([
      'PT1M',
      'PT5M',
      'PT15M',
      'PT30M',
      'PT1H',
      'PT6H',
      'PT12H',
      'P1D',
    ]);
  });

  test('an endpoint and a deployment have one namespace each', async () => {
    const names = [];
    for (const resource of [ENDPOINT_ID, `${ENDPOINT_ID}/deployments/blue`]) {
      for await (const { metricNamespaceName } of fixture.metrics.listMetricNamespaces(resource))
        names.push(metricNamespaceName);
    }
    expect(names).toEqual([
      'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
      'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments',
    ]);
  });
});

describe('refusals', () => {
  test.each<[string, string, MetricsQueryOptions, string]>([
    ['an unknown metric', 'ConnectionsActive', {}, 'Valid metrics: RequestsPerMinute,RequestLatency'],
    ['an undeclared aggregation', 'RequestsPerMinute', { aggregations: ['Total'] }, 'supported ones are: Average'],
    ['one undeclared aggregation of two', 'RequestsPerMinute', { aggregations: ['Average', 'Count'] }, 'Count'],
    ['a foreign dimension', 'RequestLatency', { filter: "statusCode eq '*'" }, 'supported ones are: deployment'],
    [
      'an interval between grains',
      'RequestsPerMinute',
      { granularity: 'PT3M' },
      'PT3M, supported ones are: 00:01:00,00:05:00',
    ],
    ['an interval below the grain', 'RequestsPerMinute', { granularity: 'PT2S' }, 'PT2S'],
    ['a foreign namespace', 'RequestsPerMinute', { metricNamespace: 'Microsoft.Web/sites' }, 'Microsoft.Web/sites'],
    ['a malformed filter', 'RequestsPerMinute', { filter: 'deployment = 1' }, 'invalid'],
    ['an order by an undeclared aggregation', 'RequestsPerMinute', { orderBy: 'sum asc' }, 'average asc'],
    ['a list of series', 'RequestsPerMinute', { resultType: 'Metadata' }, 'only Data'],
    ['too many points', 'RequestsPerMinute', { timespan: { duration: 'P40D' } }, 'more than 50000'],
  ])('%s is refused', async (_what, metric, options, message) => {
    await expect(ask(metric, options)).rejects.toMatchObject({
      statusCode: 400,
      code: 'BadRequest',
      message: expect.stringContaining(message),
    });
  });

  test.each([
    [`${ENDPOINT_ID}/providers/Microsoft.Insights/metrics?metricnames=RequestsPerMinute`, 400],
    [`${ENDPOINT_ID}/providers/Microsoft.Insights/metrics?api-version=2024-02-01`, 400],
    [
      `${ENDPOINT_ID}/providers/Microsoft.Insights/metrics?api-version=2024-02-01&metricnames=RequestLatency&timespan=x`,
      400,
    ],
    [`${ENDPOINT_ID}/providers/Microsoft.Insights/metrics?api%2Dversion=2024-02-01&METRICNAMES=RequestLatency`, 200],
    ['/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/x/providers/Microsoft.Insights/metrics', 404],
    ['/nowhere', 404],
  ])('GET %s is answered with %i', async (path, status) => {
    expect(await callMonitor(fixture, 'GET', path, { audience: 'https://management.azure.com/' })).toMatchObject({
      status,
    });
  });

  test('a caller without a token or with one for another service is refused', async () => {
    const path = `${ENDPOINT_ID}/providers/Microsoft.Insights/metrics?api-version=2024-02-01&metricnames=RequestLatency`;
    expect(await callMonitor(fixture, 'GET', path)).toMatchObject({ status: 401 });
    const audience = 'https://api.loganalytics.io';
    expect(await callMonitor(fixture, 'GET', path, { audience })).toMatchObject({ status: 401 });
  });
});
