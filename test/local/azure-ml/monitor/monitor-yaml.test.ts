import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { armWritesFromYaml } from '../../../../local/azure-ml/azure-ml-yaml.ts';
import { type Json, WORKSPACE_ID } from '../azure-ml-fixture.ts';
import { startMonitorFixture } from './monitor-fixture.ts';

const EXAMPLE = resolve('examples/flights/monitor.yml');
const MONITOR = `
$schema: https://azuremlschemas.azureedge.net/latest/monitorSchedule.schema.json
name: m
trigger: { type: recurrence, frequency: week, interval: 2, schedule: { hours: [3], minutes: 15, week_days: monday } }
create_monitor:
  compute: { instance_type: standard_e4s_v3, runtime_version: 3.4 }
  monitoring_signals:
    m_drift:
      type: data_drift
      production_data: { input_data: { path: "azureml:p:1", type: uri_folder }, data_context: model_inputs }
      reference_data:
        input_data: { path: "azureml:r:1", type: uri_folder }
        target_column_name: y
        data_window: { lookback_window_size: default, lookback_window_offset: default }
      features: [a, b]
    m_prediction:
      type: prediction_drift
      production_data:
        input_data: { path: "azureml:o:1", type: uri_folder }
        data_window: { lookback_window_size: P3D, lookback_window_offset: P1D }
      reference_data:
        input_data: { path: "azureml:r:1", type: uri_folder }
        data_window: { window_start: "2026-01-01", window_end: "2026-02-01" }
      metric_thresholds: { numerical: { two_sample_kolmogorov_smirnov_test: 0.02 } }
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-monitor-yaml-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const context = { workspaceId: WORKSPACE_ID, location: 'westeurope', upload: async () => 'unused' };

async function bodyOf(text: string): Promise<Json> {
  const file = join(folder, 'monitor.yml');
  await writeFile(file, text);
  const [write] = await armWritesFromYaml(file, context);
  return write?.body;
}

describe('the YAML of a monitor', () => {
  test('of the flights example is taken by the workspace as it is', async () => {
    const fixture = await startMonitorFixture();
    const [write, ...more] = await armWritesFromYaml(EXAMPLE, context);
    expect([write?.path, more]).toEqual(['/schedules/flights-monitor', []]);
    const answer = await fixture.writeNow('PUT', write?.path ?? '', write?.body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    const { signals } = answer.body.properties.action.monitorDefinition;
    expect(signals['flights-monitor_drift']).toMatchObject({
      signalType: 'DataDrift',
      productionData: {
        inputDataType: 'Rolling',
        uri: 'azureml:flights-flights-blue-model_inputs:1',
        windowSize: 'P1D',
      },
      referenceData: { inputDataType: 'Fixed', uri: 'azureml:flights-reference:1' },
      featureDataTypeOverride: { wind_dir: 'Numerical' },
      metricThresholds: [
        { dataType: 'Numerical', metric: 'NormalizedWassersteinDistance', threshold: { value: 0.5 } },
        { dataType: 'Categorical', metric: 'JensenShannonDistance', threshold: { value: 0.4 } },
      ],
    });
    expect(signals['flights-monitor_quality'].featureDataTypeOverride).toMatchObject({ wind_dir: 'Numerical' });
    await fixture.stop();
  });

  test('gets the windows and thresholds of the command line where it gives none', async () => {
    const { properties } = await bodyOf(MONITOR);
    expect(properties.trigger).toMatchObject({
      triggerType: 'Recurrence',
      frequency: 'Week',
      schedule: { hours: [3], minutes: [15], weekDays: ['Monday'] },
    });
    const { m_drift: drift, m_prediction: prediction } = properties.action.monitorDefinition.signals;
    expect(drift).toMatchObject({
      productionData: { windowSize: 'P14D', windowOffset: 'P0D' },
      referenceData: {
        inputDataType: 'Rolling',
        windowSize: 'P28D',
        windowOffset: 'P14D',
        columns: { target_column: 'y' },
      },
      features: { filterType: 'FeatureSubset', features: ['a', 'b'] },
      metricThresholds: [{ threshold: { value: 0.1 } }, { threshold: { value: 0.1 } }],
    });
    expect(prediction).toMatchObject({
      signalType: 'PredictionDrift',
      productionData: { windowSize: 'P3D', windowOffset: 'P1D' },
      referenceData: { inputDataType: 'Static', windowStart: '2026-01-01', windowEnd: '2026-02-01' },
      metricThresholds: [{ metric: 'TwoSampleKolmogorovSmirnovTest', threshold: { value: 0.02 } }],
    });
  });

  test('is refused with every member that is wrong', async () => {
    const wrong = MONITOR.replace('features: [a, b]', 'feature: [a]').replace('week_days: monday', 'week_days: noday');
    await expect(bodyOf(wrong)).rejects.toThrow(/week_days[\s\S]*feature/);
  });
});
