/** A running Azure ML emulator whose jobs really run, with short ways to submit a job and to wait for its end. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createDefaultHttpClient, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { AzureMlOptions } from '../../../../local/azure-ml/start-azure-ml.ts';
import { type AzureMlFixture, type Json, type RawAnswer, signToken, startFixture } from '../azure-ml-fixture.ts';

/** Metrics of an answer of MLflow's `runs/get`. */
export function metricsIn(body: Json): Record<string, number> {
  return Object.fromEntries(body.run.data.metrics.map(({ key, value }: Json) => [key, value]));
}

export const PYTHON = resolve('.slipway/venv/training/bin/python');
const DEADLINE_MS = 60_000;
const ENDS = ['Completed', 'Failed', 'Canceled'];

export interface JobFixture extends AzureMlFixture {
  readonly folder: string;
  /** PUT of a command job; `properties` replaces or adds members. */
  command(name: string, command: string, properties?: object): Promise<RawAnswer>;
  /** The job once it has ended. */
  ended(name: string): Promise<Json>;
  /** The job once it has this status; fails when it ends with another. */
  reached(name: string, status: string): Promise<Json>;
  /** Registers files as version `version` of a code or data asset. */
  upload(kind: 'codes' | 'data', name: string, version: string, files: Readonly<Record<string, string>>): Promise<void>;
  /** Statuses of RunStatusChanged events of a job, in order. */
  statuses(name: string): string[];
  /** GET at the workspace's tracking uri, as the app calls it; with a token for Azure Resource Manager unless given. */
  tracking(path: string, token?: string): Promise<{ readonly status: number; readonly body: Json }>;
  /** Text of an artefact of a job, for example `user_logs/std_log.txt`. */
  artifact(job: string, path: string): Promise<string>;
}

export async function startJobFixture(overrides: Partial<AzureMlOptions> = {}): Promise<JobFixture> {
  if (!existsSync(PYTHON)) throw new Error(`${PYTHON} is missing: run npm run setup.`);
  const folder = await mkdtemp(join(tmpdir(), 'slipway-jobs-'));
  const fixture = await startFixture({ jobs: { pythonPath: PYTHON, stageMs: 10 }, ...overrides });
  await fixture.raw('PUT', '/environments/training/versions/1', { properties: { image: 'python:3.11' } });
  const job = async (name: string) => (await fixture.raw('GET', `/jobs/${name}`)).body;
  return {
    ...fixture,
    folder,
    command: (name, command, properties = {}) =>
      fixture.raw('PUT', `/jobs/${name}`, {
        properties: { jobType: 'Command', command, environmentId: 'azureml:training:1', ...properties },
      }),
    ended: (name) =>
      until(
        () => job(name),
        (found) => ENDS.includes(found.properties.status),
      ),
    reached: (name, status) =>
      until(
        () => job(name),
        (found) => {
          const now = found.properties.status;
          if (now !== status && ENDS.includes(now)) throw new Error(`${name} ended as ${JSON.stringify(found)}`);
          return now === status;
        },
      ),
    async upload(kind, name, version, files) {
      const source = join(folder, kind, name, version);
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(source, path)), { recursive: true });
        await writeFile(join(source, path), text);
      }
      const uri = await fixture.azureMl.artifacts.upload(source);
      const properties = kind === 'codes' ? { codeUri: uri } : { dataType: 'uri_folder', dataUri: uri };
      await fixture.raw('PUT', `/${kind}/${name}/versions/${version}`, { properties });
    },
    statuses: (name) =>
      fixture.events
        .filter(({ type, subject }) => type.endsWith('.RunStatusChanged') && subject.endsWith(`/runs/${name}`))
        .map(({ data }) => String(data.runStatus)),
    async tracking(path, token) {
      const workspace = (await fixture.raw('GET', '')).body.properties;
      const base = workspace.mlFlowTrackingUri.replace('azureml://', 'https://');
      const request = createPipelineRequest({ url: `${base}/api/2.0/mlflow/${path}` });
      request.tlsSettings = { ca: fixture.ca };
      request.headers.set('authorization', `Bearer ${token ?? (await signToken('https://management.azure.com/'))}`);
      const response = await createDefaultHttpClient().sendRequest(request);
      return { status: response.status, body: JSON.parse(response.bodyAsText ?? 'null') };
    },
    async artifact(jobName, path) {
      const place = fixture.azureMl.artifacts.resolve(`azureml://jobs/${jobName}/outputs/artifacts/paths/${path}`);
      if (!place.ok) throw new Error(place.message);
      return readFile(place.path, 'utf8');
    },
    async stop() {
      await fixture.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function until<T>(look: () => Promise<T>, isDone: (found: T) => boolean): Promise<T> {
  const deadlineMs = Date.now() + DEADLINE_MS;
  for (;;) {
    const found = await look();
    if (isDone(found)) return found;
    if (Date.now() > deadlineMs) throw new Error(`Waited too long; last seen: ${JSON.stringify(found)}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}
