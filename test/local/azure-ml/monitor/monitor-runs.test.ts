import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Azurite, startAzurite } from '../../functions-host/durable/harness/azurite.ts';
import {
  CONTAINER,
  collectedLine,
  driftSignal,
  fixed,
  flights,
  type MonitorFixture,
  monitorBody,
  rolling,
  START_MS,
  startMonitorFixture,
  threshold,
} from './monitor-fixture.ts';

const HOUR_MS = 3_600_000;
const SCHEDULE = '/schedules/flights-monitor';
const REFERENCE = flights(200, 100, ['AA', 'UA']);
const asLines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

let azurite: Azurite;
let blobs: BlobServiceClient;
let fixture: MonitorFixture;

beforeAll(async () => {
  azurite = await startAzurite();
  blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
}, 60_000);
afterAll(() => azurite?.stop());
beforeEach(async () => {
  await blobs.getContainerClient(CONTAINER).deleteIfExists();
  fixture = await startMonitorFixture({ blobs });
  await fixture.collectedAsset('collected');
  await fixture.dataAsset('reference', 'reference.jsonl', asLines(REFERENCE));
});
afterEach(() => fixture.stop());

/** What a sidecar would have written for these rows at that moment. */
async function collect(timeMs: number, rows: readonly object[]): Promise<void> {
  const hour = new Date(timeMs).toISOString().slice(0, 13).replace(/[-T]/g, '/');
  const path = `modelDataCollector/flights/blue/model_inputs/${hour}/${timeMs}.jsonl`;
  const container = blobs.getContainerClient(CONTAINER);
  await container.createIfNotExists();
  const line = collectedLine(timeMs, rows);
  await container.getBlockBlobClient(path).upload(line, line.length);
}

async function putMonitor(signals: object, given: object = {}): Promise<void> {
  const answer = await fixture.writeNow('PUT', SCHEDULE, monitorBody(signals, given));
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
}

async function runNow() {
  const run = await fixture.azureMl.monitoring.runNow('flights-monitor');
  if (!run) throw new Error('There is no such schedule.');
  return run;
}

describe('a monitor whose data have moved', () => {
  test('raises the documented tag on the step of the signal, and completes', async () => {
    await collect(START_MS - HOUR_MS, flights(150, 180, ['AA', 'AA', 'AA', 'ZZ']));
    await putMonitor({ 'flights-monitor_drift': driftSignal() });
    const run = await runNow();
    expect(run).toMatchObject({ state: 'Completed', signals: [{ referenceRows: 200, productionRows: 150 }] });
    const values = Object.fromEntries(run.signals[0]?.results.map((one) => [one.group, one.metricValue]) ?? []);
    const text =
      "The signal 'flights-monitor_drift' has failed due to one or more features violating metric thresholds.\n" +
      'The feature names and their corresponding computed metric values violating the threshold are \n' +
      `['{"metric_value":${values.distance},"metric_name":"NormalizedWassersteinDistance","threshold_value":0.1,"group":"distance"}', ` +
      `'{"metric_value":${values.carrier},"metric_name":"JensenShannonDistance","threshold_value":0.1,"group":"carrier"}']\n`;
    expect(fixture.statusEvents('azureml.StepRun').at(-1)).toEqual({ runStatus: 'Completed', tag: text });
    expect(fixture.statusEvents('azureml.PipelineRun').at(-1)).toEqual({ runStatus: 'Completed', tag: undefined });
    const completed = fixture.events.filter(({ type }) => type.endsWith('.RunCompleted'));
    expect(completed.map(({ data }) => data.runId)).toEqual([`${run.name}-flights-monitor_drift`, run.name]);
    expect((await fixture.raw('GET', `/jobs/${run.name}`)).body.properties).toMatchObject({
      jobType: 'Pipeline',
      status: 'Completed',
      experimentName: 'flights-monitor',
    });
  });

  test('stays silent while its data are as before', async () => {
    await collect(START_MS - HOUR_MS, REFERENCE);
    await putMonitor({ drift: driftSignal() });
    expect(await runNow()).toMatchObject({ state: 'Completed' });
    expect(fixture.statusEvents('azureml.StepRun')).toEqual([
      { runStatus: 'NotStarted', tag: undefined },
      { runStatus: 'Running', tag: undefined },
      { runStatus: 'Completed', tag: undefined },
    ]);
  });

  test('is found by p-values below their thresholds, and by missing values', async () => {
    await collect(START_MS - HOUR_MS, [
      ...flights(90, 130, ['AA', 'UA', 'UA', 'UA']),
      ...flights(10, 130, ['AA', 'UA']).map((row) => ({ ...row, distance: null })),
    ]);
    const metricThresholds = [
      threshold('Numerical', 'TwoSampleKolmogorovSmirnovTest', 0.02),
      threshold('Categorical', 'PearsonsChiSquaredTest', 0.02),
    ];
    const quality = [threshold('Numerical', 'NullValueRate', 0.05), threshold('Categorical', 'OutOfBoundsRate', 0)];
    await putMonitor({
      tests: driftSignal({ metricThresholds }),
      quality: driftSignal({ signalType: 'DataQuality', metricThresholds: quality }),
      stability: driftSignal({ metricThresholds: [threshold('Numerical', 'PopulationStabilityIndex')] }),
    });
    const { signals } = await runNow();
    const shown = signals.map(({ results }) => results.map((one) => [one.metricName, one.breached]));
    expect(shown).toEqual([
      [
        ['TwoSampleKolmogorovSmirnovTest', true],
        ['PearsonsChiSquaredTest', true],
      ],
      [
        ['NullValueRate', true],
        ['OutOfBoundsRate', false],
      ],
      [['PopulationStabilityIndex', false]],
    ]);
    expect(signals[1]?.results[0]?.metricValue).toBe(0.1);
    expect(signals[2]?.results[0]?.thresholdValue).toBeNull();
  });
});

describe('the window of a monitor', () => {
  test('takes collected rows from its start to before its end, in files of any hour', async () => {
    await collect(START_MS - 24 * HOUR_MS - 1000, flights(5, 0, ['before']));
    await collect(START_MS - 24 * HOUR_MS, flights(1, 0, ['first']));
    await collect(START_MS - 1000, flights(2, 0, ['last']));
    await collect(START_MS, flights(7, 0, ['after']));
    await putMonitor({ drift: driftSignal() });
    await fixture.clock.advanceTo(START_MS + 1_000);
    await putMonitor({ drift: driftSignal({ productionData: rolling('azureml:collected:1', 'P1D', 'PT1S') }) });
    // The window ends a second before the run: after START_MS, by what the writes took.
    expect((await runNow()).signals[0]?.productionRows).toBe(2 + 7);
    await putMonitor({ drift: driftSignal({ productionData: rolling('azureml:collected:1', 'P2D', 'PT2S') }) });
    expect((await runNow()).signals[0]?.productionRows).toBe(5 + 1 + 2);
  });

  test('may be rolling or static for the reference too', async () => {
    await collect(START_MS - 2 * HOUR_MS, flights(30, 100, ['AA']));
    await collect(START_MS - HOUR_MS / 2, flights(20, 100, ['AA']));
    const past = rolling('azureml:collected:1', 'PT2H', 'PT1H');
    const span = { windowStart: '2026-01-05T09:00:00Z', windowEnd: '2026-01-05T10:30:00Z' };
    const still = { ...fixed('azureml:collected:1'), inputDataType: 'Static', ...span };
    const productionData = rolling('azureml:collected:1', 'PT1H');
    await putMonitor({
      rolling: driftSignal({ productionData, referenceData: past }),
      still: driftSignal({ productionData, referenceData: still }),
    });
    const { signals } = await runNow();
    expect(signals.map(({ referenceRows, productionRows }) => [referenceRows, productionRows])).toEqual([
      [30, 20],
      [30, 20],
    ]);
  });

  test('without rows fails the run with the reason and raises no drift', async () => {
    await collect(START_MS - 30 * HOUR_MS, flights(50, 900, ['ZZ']));
    await putMonitor({ drift: driftSignal() });
    const run = await runNow();
    expect(run).toMatchObject({
      state: 'Failed',
      error: expect.stringContaining("no rows in 'azureml:collected:1' from"),
    });
    expect(fixture.statusEvents('azureml.StepRun').at(-1)).toEqual({ runStatus: 'Failed', tag: undefined });
    expect(fixture.statusEvents('azureml.PipelineRun').at(-1)?.runStatus).toBe('Failed');
    expect(fixture.events.some(({ type }) => type.endsWith('.RunCompleted'))).toBe(false);
    const { properties } = (await fixture.raw('GET', `/jobs/${run.name}`)).body;
    expect(properties.error.message).toContain('There are no rows');
  });
});

describe('what is compared', () => {
  const results = async () =>
    (await runNow()).signals.map(({ results, error }) => error ?? results.map((one) => `${one.group} ${one.dataType}`));

  test('are common columns of one type; few distinct whole numbers are categories unless overridden', async () => {
    const row = (index: number) => ({
      hour: index % 3,
      day: index % 3,
      distance: index,
      mixed: index % 2 ? 'a' : 1,
      target: index,
      empty: null,
    });
    const rows = Array.from({ length: 100 }, (_, index) => row(index));
    await fixture.dataAsset('wide', 'wide.jsonl', asLines(rows.map((one) => ({ ...one, onlyHere: 1, changed: 1 }))));
    await collect(
      START_MS - HOUR_MS,
      rows.map((one) => ({ ...one, changed: 'x' })),
    );
    const referenceData = { ...fixed('azureml:wide:1'), columns: { target_column: 'target' } };
    await putMonitor({
      all: driftSignal({ referenceData, featureDataTypeOverride: { day: 'Numerical' } }),
      some: driftSignal({ referenceData, features: { filterType: 'FeatureSubset', features: ['distance', 'none'] } }),
      none: driftSignal({ referenceData, features: { filterType: 'FeatureSubset', features: ['changed'] } }),
    });
    expect(await results()).toEqual([
      ['hour Categorical', 'day Numerical', 'distance Numerical', 'mixed Categorical'],
      ['distance Numerical'],
      'Reference and production data have no feature in common that could be compared.',
    ]);
  });

  test('may be CSV with quotes, empty cells and numbers as text', async () => {
    const lines = ['distance,carrier,note', ...Array.from({ length: 40 }, (_, i) => `${i}.5,"A ""A"", ltd",`)];
    await fixture.dataAsset('table', 'table.csv', lines.join('\r\n'));
    await collect(START_MS - HOUR_MS, flights(40, 0, ['A "A", ltd']));
    await putMonitor({ drift: driftSignal({ referenceData: fixed('azureml:table:1') }) });
    expect(await results()).toEqual([['distance Numerical', 'carrier Categorical']]);
    expect((await runNow()).signals[0]?.results[1]?.metricValue).toBe(0);
  });

  test.each([
    ['no JSON lines', 'bad.jsonl', '{"a":1}\nnot json\n', 'Line 2 of bad.jsonl is no JSON object.'],
    ['no CSV', 'bad.csv', 'a,b\n"open,1\n', 'bad.csv is no CSV'],
    ['neither', 'bad.parquet', 'PAR1', "There are no rows in 'azureml:bad:1'"],
  ])('is refused where a file holds %s', async (_case, file, text, message) => {
    await fixture.dataAsset('bad', file, text);
    await collect(START_MS - HOUR_MS, REFERENCE);
    await putMonitor({ drift: driftSignal({ referenceData: fixed('azureml:bad:1') }) });
    expect(await runNow()).toMatchObject({ state: 'Failed', error: expect.stringContaining(message) });
  });

  test('must exist: a missing asset fails the run by name', async () => {
    await putMonitor({ drift: driftSignal({ productionData: rolling('azureml:nowhere:1') }) });
    expect(await runNow()).toMatchObject({ state: 'Failed', error: expect.stringContaining("'nowhere'") });
  });

  test('rows of 10,000 and more are too many for the Kolmogorov-Smirnov test', async () => {
    await fixture.dataAsset('many', 'many.jsonl', asLines(flights(10_000, 0, ['AA'])));
    await collect(START_MS - HOUR_MS, flights(10, 0, ['AA']));
    const metricThresholds = [threshold('Numerical', 'TwoSampleKolmogorovSmirnovTest', 0.02)];
    await putMonitor({ drift: driftSignal({ referenceData: fixed('azureml:many:1'), metricThresholds }) });
    expect(await runNow()).toMatchObject({ state: 'Failed', error: expect.stringContaining('fewer than 10000 rows') });
  });
});
