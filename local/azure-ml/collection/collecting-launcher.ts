/**
 * Gives each instance of a collecting deployment a sidecar of its own, and tells the instance's collector where it is.
 *
 * How azureml-ai-monitoring 1.0.0 is switched on (`config/config.py`): AZUREML_MDC_CONFIG_PATH names a JSON file with
 * `collections.<name>.{enabled, sampleRatePercentage}`; it is read once, when the first Collector is made, and the package
 * samples by it. AZUREML_MDC_HOST and AZUREML_MDC_PORT (127.0.0.1 and 50011 unless given) are where it posts to.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobServiceClient } from '@azure/storage-blob';
import type { Clock } from '../../emulator/clock.ts';
import type { DataCollection } from '../seams/data-collection.ts';
import type { DeploymentSpec } from '../seams/serving-plane.ts';
import type { InstanceLauncher, InstanceProcess } from '../serving/process/instance-launcher.ts';
import type { CollectionCounts } from './collection-counts.ts';
import { type Sidecar, startSidecar } from './sidecar.ts';

export interface CollectingOptions {
  readonly blobs: BlobServiceClient;
  /** Folder for the files that switch collectors on. */
  readonly folder: string;
  readonly clock: Clock;
  readonly counts: CollectionCounts;
  readonly log: (line: string) => void;
}

/** Deployments that collect nothing start as before. */
export function collectingLauncher(launcher: InstanceLauncher, options: CollectingOptions): InstanceLauncher {
  return {
    launch: (spec, onLine) =>
      spec.dataCollection
        ? launchBesideSidecar(launcher, options, spec, spec.dataCollection, onLine)
        : launcher.launch(spec, onLine),
  };
}

async function launchBesideSidecar(
  launcher: InstanceLauncher,
  options: CollectingOptions,
  spec: DeploymentSpec,
  collection: DataCollection,
  onLine: (line: string) => void,
): Promise<InstanceProcess> {
  const sidecar = await startSidecar({ ...options, collection });
  const configPath = join(options.folder, `${randomUUID()}.json`);
  const end = async () => {
    await sidecar.stop();
    await rm(configPath, { force: true });
  };
  try {
    await mkdir(options.folder, { recursive: true });
    await writeFile(configPath, JSON.stringify(collectorConfig(collection)));
    const environmentVariables = { ...spec.environmentVariables, ...collectorVariables(sidecar, configPath) };
    const server = await launcher.launch({ ...spec, environmentVariables }, onLine);
    const ended = server.exited.then(end);
    const stop = async () => {
      await server.stop();
      await ended;
    };
    return { origin: server.origin, exited: server.exited, stop };
  } catch (error) {
    await end();
    throw error;
  }
}

function collectorVariables(sidecar: Sidecar, configPath: string): Record<string, string> {
  return {
    AZUREML_MDC_CONFIG_PATH: configPath,
    AZUREML_MDC_HOST: '127.0.0.1',
    AZUREML_MDC_PORT: String(sidecar.port),
  };
}

function collectorConfig({ collections }: DataCollection): object {
  const entries = collections.map(({ name, samplingRate }) => [
    name,
    { enabled: true, sampleRatePercentage: samplingRate * 100 },
  ]);
  return { runMode: 'cloud', collections: Object.fromEntries(entries) };
}
