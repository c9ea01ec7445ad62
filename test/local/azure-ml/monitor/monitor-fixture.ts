/** An Azure ML emulator in virtual time whose monitors read files, and the bodies that its tests put. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AzureMlOptions } from '../../../../local/azure-ml/start-azure-ml.ts';
import { ManualClock } from '../../../../local/emulator/manual-clock.ts';
import { type AzureMlFixture, type RawAnswer, startFixture, WORKSPACE } from '../azure-ml-fixture.ts';

export const START_MS = Date.UTC(2026, 0, 5, 12);
export const CONTAINER = `azureml-blobstore-${WORKSPACE.workspaceId}`;
const COLLECTED = 'azureml://datastores/workspaceblobstore/paths/modelDataCollector/flights/blue/model_inputs';
const BREACH_TAG = 'azureml_modelmonitor_threshold_breached';

export interface MonitorFixture extends AzureMlFixture {
  readonly clock: ManualClock;
  /** Stores a text as a file of the default datastore and registers it as version 1 of a data asset. */
  dataAsset(name: string, fileName: string, text: string): Promise<void>;
  /** Registers the folder of the deployment's collected inputs. */
  collectedAsset(name: string): Promise<void>;
  /** A raw write, with the clock moved until its operation has ended. */
  writeNow(method: 'PUT' | 'DELETE', path: string, body?: unknown): Promise<RawAnswer>;
  /** `runStatus` and breach tag of the events of a run type, in order. */
  statusEvents(runType: string): readonly { readonly runStatus: string; readonly tag: string | undefined }[];
}

export async function startMonitorFixture(overrides: Partial<AzureMlOptions> = {}): Promise<MonitorFixture> {
  const clock = new ManualClock(START_MS);
  const fixture = await startFixture({ clock, ...overrides });
  const folder = await mkdtemp(join(tmpdir(), 'slipway-monitor-'));
  return {
    ...fixture,
    clock,
    async dataAsset(name, fileName, text) {
      const file = join(folder, fileName);
      await writeFile(file, text);
      const dataUri = await fixture.azureMl.artifacts.upload(file);
      await fixture.raw('PUT', `/data/${name}/versions/1`, { properties: { dataType: 'uri_file', dataUri } });
    },
    async collectedAsset(name) {
      const properties = { dataType: 'uri_folder', dataUri: COLLECTED };
      await fixture.raw('PUT', `/data/${name}/versions/1`, { properties });
    },
    async writeNow(method, path, body) {
      const answer = await fixture.raw(method, path, body);
      await clock.advance(100);
      return answer;
    },
    statusEvents: (runType) =>
      fixture.events
        .filter(({ type, data }) => type.endsWith('.RunStatusChanged') && data.runType === runType)
        .map(({ data }) => {
          const tags = data.runTags as Record<string, string>;
          return { runStatus: String(data.runStatus), tag: tags[BREACH_TAG] };
        }),
    async stop() {
      await fixture.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const rolling = (uri: string, windowSize = 'P1D', windowOffset = 'P0D') => {
  return { inputDataType: 'Rolling', jobInputType: 'uri_folder', uri, windowSize, windowOffset };
};
export const fixed = (uri: string) => ({ inputDataType: 'Fixed', jobInputType: 'uri_file', uri });
export const threshold = (dataType: string, metric: string, value?: number) => {
  return { dataType, metric, ...(value === undefined ? {} : { threshold: { value } }) };
};

export const THRESHOLDS = [
  threshold('Numerical', 'NormalizedWassersteinDistance', 0.1),
  threshold('Categorical', 'JensenShannonDistance', 0.1),
];

/** Production is `azureml:collected:1`, reference `azureml:reference:1`, unless given. */
export function driftSignal(given: object = {}): object {
  return {
    signalType: 'DataDrift',
    productionData: rolling('azureml:collected:1'),
    referenceData: fixed('azureml:reference:1'),
    metricThresholds: THRESHOLDS,
    ...given,
  };
}

export function monitorBody(signals: object, given: object = {}): { properties: Record<string, unknown> } {
  const monitorDefinition = {
    computeConfiguration: {
      computeType: 'ServerlessSpark',
      instanceType: 'standard_e4s_v3',
      runtimeVersion: '3.4',
      computeIdentity: { computeIdentityType: 'AmlToken' },
    },
    monitoringTarget: { taskType: 'Regression', deploymentId: 'azureml:flights:blue' },
    signals,
  };
  const trigger = { triggerType: 'Recurrence', frequency: 'Day', interval: 1, schedule: { hours: [3], minutes: [15] } };
  return { properties: { trigger, action: { actionType: 'CreateMonitor', monitorDefinition }, ...given } };
}

/** One collected line of these rows. */
export function collectedLine(timeMs: number, rows: readonly object[]): string {
  const time = `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
  return `${JSON.stringify({ specversion: '1.0', type: 'azureml.inference.model_inputs', time, data: rows })}\n`;
}

/** Distances of a few hundred flights, 1.5 units apart, from `from` on. */
export function flights(count: number, from: number, carriers: readonly string[]): object[] {
  return Array.from({ length: count }, (_, index) => ({
    distance: from + index * 1.5,
    carrier: carriers[index % carriers.length],
  }));
}
