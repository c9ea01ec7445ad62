/** Jobs, data assets, registration and the workspace: the adapters against the local Azure ML, whose jobs really run. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trustDevCa } from '../../../../local/stack/trust-dev-ca.ts';
import { createAzureMlClient } from '../../../../src/adapters/azure-ml/azure-ml-client.ts';
import { createDataAssets } from '../../../../src/adapters/azure-ml/create-data-assets.ts';
import { createModelRegistry } from '../../../../src/adapters/azure-ml/create-model-registry.ts';
import { createWorkspace } from '../../../../src/adapters/azure-ml/create-workspace.ts';
import { createTrainingJobs } from '../../../../src/adapters/azure-ml/training-jobs.ts';
import type { ModelName, ModelVersion } from '../../../../src/domain/ids/names.ts';
import type { DataAssets } from '../../../../src/ports/data-assets.ts';
import type { ModelRegistry } from '../../../../src/ports/model-registry.ts';
import type { JobView, TrainingJobs } from '../../../../src/ports/training-jobs.ts';
import type { Workspace } from '../../../../src/ports/workspace.ts';
import { credential, WORKSPACE, WORKSPACE_ID } from '../../../local/azure-ml/azure-ml-fixture.ts';
import { type JobFixture, startJobFixture, until } from '../../../local/azure-ml/jobs/job-fixture.ts';

const LIMIT_MS = 60_000;
const MODEL = 'flights' as ModelName;
const version = (text: string) => text as ModelVersion;
const BLOBS = 'https://localhost:10000/account';

let fixture: JobFixture;
let jobs: TrainingJobs;
let data: DataAssets;
let registry: ModelRegistry;
let workspace: Workspace;

beforeAll(async () => {
  fixture = await startJobFixture();
  trustDevCa(fixture.ca);
  const target = {
    armEndpoint: fixture.azureMl.url,
    subscriptionId: WORKSPACE.subscriptionId,
    resourceGroup: WORKSPACE.resourceGroup,
    workspace: WORKSPACE.name,
    datastoreBlobsEndpoint: BLOBS,
  };
  const client = createAzureMlClient(target, credential());
  jobs = createTrainingJobs(client, target);
  data = createDataAssets(client, target);
  registry = createModelRegistry(client, target);
  workspace = createWorkspace(client, target);
  await fixture.upload('data', 'rows', '1', { 'rows.jsonl': '{"a":1}\n' });
  await fixture.upload('data', 'rows', '2', { 'rows.jsonl': '{"a":1}\n{"a":2}\n' });
}, LIMIT_MS);
afterAll(() => fixture?.stop());

function ended(name: string): Promise<JobView> {
  const isDone = (view: JobView | null) => view !== null && view.state !== 'running';
  return until(() => jobs.read(name), isDone) as Promise<JobView>;
}

function command(text: string, more: object = {}) {
  return { jobType: 'Command', command: text, environmentId: 'azureml:training@latest', ...more };
}

const COUNT = command(
  // biome-ignore lint/suspicious/noTemplateCurlyInString: expressions of Azure ML
  'cat ${{inputs.rows}}/rows.jsonl | wc -l > ${{outputs.model}}/count.txt',
  {
    inputs: { rows: { jobInputType: 'uri_folder', uri: 'azureml:rows@latest', mode: 'ReadOnlyMount' } },
    outputs: { model: { jobOutputType: 'custom_model' } },
    tags: { 'slipway.trigger': 'drift' },
  },
);

describe('a training job', () => {
  test(
    'runs on the data that its references mean, and its output has an address',
    async () => {
      expect(await jobs.read('count-1')).toBeNull();
      expect(await jobs.submit({ name: 'count-1', properties: COUNT })).toEqual({ kind: 'accepted' });
      expect(await ended('count-1')).toMatchObject({
        name: 'count-1',
        status: 'Completed',
        state: 'completed',
        reason: null,
        outputs: { model: expect.stringMatching(/^azureml:\/\//) },
      });
      const { body } = await fixture.raw('GET', '/jobs/count-1');
      expect(body.properties.inputs.rows.uri).toBe(`${WORKSPACE_ID}/data/rows/versions/2`);
      expect(body.properties.environmentId).toBe(`${WORKSPACE_ID}/environments/training/versions/1`);
      expect(body.properties.tags).toEqual({ 'slipway.trigger': 'drift' });
    },
    LIMIT_MS,
  );

  test('submitted again, even with other content, starts nothing and costs nothing', async () => {
    const before = fixture.statuses('count-1').length;
    expect(await jobs.submit({ name: 'count-1', properties: COUNT })).toEqual({ kind: 'accepted' });
    expect(await jobs.submit({ name: 'count-1', properties: command('exit 1') })).toEqual({ kind: 'accepted' });
    expect(await jobs.read('count-1')).toMatchObject({ state: 'completed' });
    expect(fixture.statuses('count-1')).toHaveLength(before);
  });

  test(
    'that fails says why',
    async () => {
      await jobs.submit({ name: 'broken-1', properties: command('echo no >&2; exit 3') });
      expect(await ended('broken-1')).toMatchObject({ state: 'failed', reason: expect.stringContaining('3') });
    },
    LIMIT_MS,
  );

  test(
    'is cancelled while it runs; afterwards there is nothing to cancel',
    async () => {
      await jobs.submit({ name: 'long-1', properties: command('sleep 600') });
      await fixture.reached('long-1', 'Running');
      expect(await jobs.cancel('long-1')).toEqual({ kind: 'accepted' });
      expect(await ended('long-1')).toMatchObject({ status: 'Canceled', state: 'canceled' });
      expect(await jobs.cancel('long-1')).toEqual({ kind: 'accepted' });
      expect(await jobs.cancel('never-1')).toMatchObject({ kind: 'refused' });
    },
    LIMIT_MS,
  );

  test('whose references lead nowhere is refused with all of them, before anything is paid', async () => {
    const properties = {
      ...command('true'),
      environmentId: 'training',
      inputs: {
        rows: { jobInputType: 'uri_file', uri: 'azureml:absent@latest' },
        empty: { jobInputType: 'uri_folder' },
      },
    };
    expect(await jobs.submit({ name: 'wrong-1', properties })).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(/environmentId.*inputs\.rows.*absent.*inputs\.empty is a uri_folder without uri/),
    });
    expect(await jobs.read('wrong-1')).toBeNull();
    const unknown = command('true', { environmentId: 'azureml:absent:1' });
    expect(await jobs.submit({ name: 'wrong-2', properties: unknown })).toMatchObject({ kind: 'refused' });
    await expect(jobs.read('Not A Name')).rejects.toThrow('is no job name');
  });

  test('of steps has the references of its steps looked up too', async () => {
    const step = { type: 'command', componentId: 'azureml:absent:1', inputs: { x: { job_input_type: 'uri_file' } } };
    const properties = { jobType: 'Pipeline', jobs: { first: { ...step, componentId: 'nonsense' } } };
    expect(await jobs.submit({ name: 'steps-1', properties })).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/jobs\.first\.componentId.*jobs\.first\.inputs\.x is a uri_file without uri/),
    });
  });

  test('an outage of a moment costs a retry, a longer one makes the call throw', async () => {
    const fault = { type: 'fail', status: 503 } as const;
    fixture.azureMl.faults.arm({ match: { method: 'GET', path: '/jobs/count-1' }, action: fault });
    expect(await jobs.read('count-1')).toMatchObject({ state: 'completed' });
    fixture.azureMl.faults.arm({ match: { method: 'GET', path: '/jobs/count-1' }, action: fault, times: 3 });
    await expect(jobs.read('count-1')).rejects.toThrow();
  });
});

describe('a data source', () => {
  test('by label, version or id leads to the asset, its address and the blob behind it', async () => {
    const latest = await data.resolve('azureml:rows@latest');
    expect(latest).toMatchObject({ ok: true, data: { reference: 'azureml:rows:2', kind: 'folder' } });
    expect(await data.resolve('azureml:rows:2')).toEqual(latest);
    expect(await data.resolve(`${WORKSPACE_ID}/data/rows/versions/2`)).toEqual(latest);
    if (!latest.ok) throw new Error(latest.reason);
    const path = latest.data.uri.split('/paths/')[1];
    expect(latest.data.uri).toMatch(/^azureml:\/\/datastores\/workspaceblobstore\/paths\//);
    expect(Date.parse(latest.data.createdAtIso ?? '')).toBeGreaterThan(0);
    expect(latest.data.blobUrl).toBe(`${BLOBS}/azureml-blobstore-${WORKSPACE.workspaceId}/${path}`);
  });

  test('that is an address in a datastore stays what it is', async () => {
    const short = 'azureml://datastores/workspaceblobstore/paths/new/rows 1.jsonl';
    expect(await data.resolve(short)).toMatchObject({
      ok: true,
      data: {
        reference: null,
        uri: short,
        kind: 'file',
        blobUrl: expect.stringMatching(/\/new\/rows%201\.jsonl$/),
        createdAtIso: null,
      },
    });
    const long = `azureml:/${WORKSPACE_ID.replace('/providers/Microsoft.MachineLearningServices', '')}/datastores/workspaceblobstore/paths/new/`;
    expect(await data.resolve(long)).toMatchObject({ ok: true, data: { kind: 'folder' } });
  });

  test.each([
    ['azureml:rows:9', 'no version 9'],
    ['azureml:absent@latest', 'no version of absent'],
    ['rows', 'no reference'],
    ['azureml://datastores/absent/paths/x.csv', 'no datastore absent'],
    ['azureml://datastores/workspacefilestore/paths/x.csv', 'keeps no blobs'],
    ['azureml://datastores/workspaceblobstore/paths/../x.csv', 'no address'],
    ['azureml://subscriptions/s/resourceGroups/g/workspaces/other/datastores/d/paths/x.csv', 'another workspace'],
  ])('%s is refused: %s', async (source, why) => {
    expect(await data.resolve(source)).toMatchObject({ ok: false, reason: expect.stringContaining(why) });
  });
});

describe('registering a model', () => {
  const registration = {
    model: MODEL,
    version: version('1'),
    jobName: 'count-1',
    modelUri: 'azureml://jobs/count-1/outputs/model',
    modelType: 'custom_model',
    description: 'Retrained after drift.',
    tags: { 'slipway.job': 'count-1', 'slipway.data': 'azureml:rows:2' },
  } as const;

  test('gives it the next number, its lineage and its event', async () => {
    expect(await registry.nextVersion(MODEL)).toBe('1');
    expect(await registry.findByTag(MODEL, 'slipway.job', 'count-1')).toBeNull();
    expect(await registry.register(registration)).toEqual({ kind: 'accepted' });
    expect(await registry.findByTag(MODEL, 'slipway.job', 'count-1')).toMatchObject({ version: '1' });
    expect(await registry.nextVersion(MODEL)).toBe('2');
    const { body } = await fixture.raw('GET', '/models/flights/versions/1');
    expect(body.properties).toMatchObject({ jobName: 'count-1', modelType: 'custom_model', tags: registration.tags });
    expect(fixture.events.filter(({ type }) => type.endsWith('.ModelRegistered'))).toHaveLength(1);
  });

  test('again by the same job changes nothing, by another job is refused', async () => {
    expect(await registry.register({ ...registration, tags: {} })).toEqual({ kind: 'accepted' });
    expect(await registry.register({ ...registration, jobName: 'other' })).toMatchObject({ kind: 'refused' });
    const { body } = await fixture.raw('GET', '/models/flights/versions/1');
    expect(body.properties.tags).toMatchObject(registration.tags);
  });

  test('from an output that is not there is refused', async () => {
    const wrong = { ...registration, version: version('2'), modelUri: 'azureml://jobs/never-1/outputs/model' };
    expect(await registry.register(wrong)).toMatchObject({ kind: 'refused' });
  });

  test('counts on past versions that are no numbers', async () => {
    const { modelUri } = registration;
    await fixture.raw('PUT', '/models/flights/versions/7', { properties: { modelUri } });
    await fixture.raw('PUT', '/models/flights/versions/beta', { properties: { modelUri } });
    expect(await registry.nextVersion(MODEL)).toBe('8');
  });
});

test('the workspace says where runs are tracked', async () => {
  expect(await workspace.read()).toMatchObject({
    trackingUri: expect.stringMatching(/^azureml:\/\/localhost:\d+\/mlflow\/v1\.0\/subscriptions\//),
    isV1Legacy: false,
  });
});

test('a workspace in v1 legacy mode says so, and its refusals name the remedy', async () => {
  const mode = (v1LegacyMode: boolean) =>
    fixture.raw('POST', `${fixture.azureMl.url}/_control/workspace`, { v1LegacyMode });
  await mode(true);
  expect(await workspace.read()).toMatchObject({ isV1Legacy: true });
  await expect(jobs.read('count-1')).rejects.toThrow('v1LegacyMode');
  await mode(false);
  expect(await jobs.read('count-1')).toMatchObject({ state: 'completed' });
});
