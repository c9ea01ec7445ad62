import type { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AzureMlFixture, startFixture, WORKSPACE_ID } from './azure-ml-fixture.ts';

let fixture: AzureMlFixture;
let client: AzureMachineLearningWorkspaces;

beforeEach(async () => {
  fixture = await startFixture();
  client = fixture.client;
});
afterEach(() => fixture.stop());

const at = ['rg-test', 'ws-test'] as const;
const MODEL_URI = 'azureml://datastores/workspaceblobstore/paths/models/flights/1';

function register(version: string, properties: object = {}) {
  return client.modelVersions.createOrUpdate(...at, 'flights', version, {
    properties: { modelUri: MODEL_URI, ...properties },
  });
}

async function listed(path: string): Promise<unknown[]> {
  const names: unknown[] = [];
  for (let next: string | undefined = path; next; ) {
    const { body } = await fixture.raw('GET', next);
    names.push(...body.value.map((item: { name: string }) => item.name));
    next = body.nextLink;
  }
  return names;
}

describe('a new model version', () => {
  test('can be read back, and makes its container', async () => {
    const created = await register('1', { tags: { stage: 'candidate' }, properties: { rmse: '3.5' } });
    expect(created).toMatchObject({
      id: `${WORKSPACE_ID}/models/flights/versions/1`,
      name: '1',
      properties: { modelUri: MODEL_URI, modelType: 'custom_model', tags: { stage: 'candidate' } },
      systemData: { createdBy: 'caller-1' },
    });
    const container = await client.modelContainers.get(...at, 'FLIGHTS');
    expect(container.properties).toMatchObject({ latestVersion: '1', nextVersion: '2' });
  });

  test('raises ModelRegistered once, with a number where the version is one', async () => {
    await register('1', { tags: { stage: 'candidate' }, properties: { rmse: '3.5' } });
    await register('1', { tags: { stage: 'production' } });
    await register('2-rc');
    expect(fixture.events).toEqual([
      {
        source: WORKSPACE_ID,
        type: 'Microsoft.MachineLearningServices.ModelRegistered',
        subject: 'models/flights:1',
        data: {
          ModelName: 'flights',
          ModelVersion: 1,
          ModelTags: { stage: 'candidate' },
          ModelProperties: { rmse: '3.5' },
        },
      },
      expect.objectContaining({
        subject: 'models/flights:2-rc',
        data: { ModelName: 'flights', ModelVersion: '2-rc', ModelTags: {}, ModelProperties: {} },
      }),
    ]);
  });

  test.each([
    ['a path of this machine', './model'],
    ['a way out of the datastore', 'azureml://datastores/workspaceblobstore/paths/../../secrets'],
    ['an unknown datastore', 'azureml://datastores/none/paths/model'],
    ['a foreign blob endpoint', 'https://example.com/container/model'],
  ])('whose modelUri is %s is refused and raises nothing', async (_case, modelUri) => {
    await expect(register('1', { modelUri })).rejects.toMatchObject({ statusCode: 400, code: 'BadRequest' });
    expect(fixture.events).toEqual([]);
  });

  test('may lie in a blob container of the workspace, or be named by the long datastore form', async () => {
    await register('1', { modelUri: 'https://slipwaylocal.blob.core.windows.net/models/flights/1' });
    await register('2', { modelUri: `azureml:/${WORKSPACE_ID}/datastores/workspaceblobstore/paths/models/2` });
    expect(fixture.events).toHaveLength(2);
  });
});

describe('a PUT of a model version that exists', () => {
  test('changes tags, description and archiving, and keeps the creation stamp', async () => {
    const created = await register('1', { description: 'first', properties: { rmse: '3.5' } });
    const changed = await register('1', { tags: { slipway: 'rejected' }, isArchived: true });
    expect(changed.properties).toMatchObject({
      tags: { slipway: 'rejected' },
      isArchived: true,
      properties: { rmse: '3.5' },
    });
    expect(changed.properties.description ?? null).toBeNull();
    expect(changed.systemData?.createdAt).toEqual(created.systemData?.createdAt);
  });

  test.each([
    ['modelUri', { modelUri: `${MODEL_URI}0` }],
    ['modelType', { modelType: 'mlflow_model' }],
    ['jobName', { jobName: 'another' }],
    ['properties', { properties: { rmse: '1.0' } }],
  ])('cannot change %s', async (member, change) => {
    await register('1', { jobName: 'train-1', properties: { rmse: '3.5' } });
    const body = { properties: { modelUri: MODEL_URI, ...change } };
    const answer = await fixture.raw('PUT', '/models/flights/versions/1', body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.details).toMatchObject([{ code: 'ImmutableProperty', target: `properties.${member}` }]);
  });

  test('of the 2022-10-01 client neither shows nor keeps stage', async () => {
    await fixture.raw('PUT', '/models/flights/versions/1', {
      properties: { modelUri: MODEL_URI, stage: 'Production' },
    });
    expect((await fixture.raw('GET', '/models/flights/versions/1')).body.properties.stage).toBe('Production');
    const seen = await client.modelVersions.get(...at, 'flights', '1');
    expect(seen.properties).not.toHaveProperty('stage');
    await client.modelVersions.createOrUpdate(...at, 'flights', '1', seen);
    expect((await fixture.raw('GET', '/models/flights/versions/1')).body.properties).not.toHaveProperty('stage');
  });
});

describe('a list of model versions', () => {
  beforeEach(async () => {
    await register('1', { tags: { stage: 'production' }, properties: { kind: 'tree' } });
    await register('2', { tags: { stage: 'candidate' }, description: 'second' });
    await register('3', { isArchived: true });
    await register('10', { tags: { stage: 'candidate', owner: 'ops' } });
  });

  test.each([
    ['', ['10', '2', '1']],
    ['?$orderBy=createdtime asc', ['1', '2', '10']],
    ['?listViewType=ArchivedOnly', ['3']],
    ['?listViewType=All', ['10', '3', '2', '1']],
    ['?tags=stage=candidate', ['10', '2']],
    ['?tags=stage=candidate,owner', ['10']],
    ['?properties=kind=tree', ['1']],
    ['?version=2', ['2']],
    ['?description=second', ['2']],
    ['?offset=1', ['2', '1']],
    ['?tags=constructor', []],
  ])('with %s shows the versions asked for', async (query, expected) => {
    expect(await listed(`/models/flights/versions${query}`)).toEqual(expected);
  });

  test('is paged by $top and followed by the official client', async () => {
    const first = await fixture.raw('GET', '/models/flights/versions?$top=2');
    expect(first.body.value).toHaveLength(2);
    expect(first.body.nextLink).toContain('%24skip=2');
    const names: (string | undefined)[] = [];
    for await (const version of client.modelVersions.list(...at, 'flights', { top: 1 })) names.push(version.name);
    expect(names).toEqual(['10', '2', '1']);
  });

  test.each(['?$orderBy=size desc', '?listViewType=Some', '?$top=-1'])('with %s is refused', async (query) => {
    expect((await fixture.raw('GET', `/models/flights/versions${query}`)).status).toBe(400);
  });
});

test('deleted versions and containers are gone, and deleting them again answers 204', async () => {
  await register('1');
  await client.modelVersions.delete(...at, 'flights', '1');
  await expect(client.modelVersions.get(...at, 'flights', '1')).rejects.toMatchObject({ statusCode: 404 });
  expect((await fixture.raw('DELETE', '/models/flights/versions/1')).status).toBe(204);
  await client.modelContainers.delete(...at, 'flights');
  await expect(client.modelContainers.get(...at, 'flights')).rejects.toMatchObject({ statusCode: 404 });
});

test('environments, code and data are registered through the official client', async () => {
  const environment = await client.environmentVersions.createOrUpdate(...at, 'serving', '1', {
    properties: { image: 'python:3.11', condaFile: 'name: x' },
  });
  expect(environment.properties).toMatchObject({
    image: 'python:3.11',
    osType: 'Linux',
    environmentType: 'UserCreated',
  });
  const code = await client.codeVersions.createOrUpdate(...at, 'score', '1', {
    properties: { codeUri: 'https://slipwaylocal.blob.core.windows.net/code/score' },
  });
  expect(code.properties.codeUri).toBe('https://slipwaylocal.blob.core.windows.net/code/score');
  await client.dataVersions.createOrUpdate(...at, 'rows', '1', {
    properties: { dataType: 'uri_file', dataUri: 'azureml://datastores/workspaceblobstore/paths/rows.csv' },
  });
  expect((await client.dataContainers.get(...at, 'rows')).properties).toMatchObject({ dataType: 'uri_file' });
  const bare = await fixture.raw('PUT', '/environments/serving/versions/2', { properties: {} });
  expect(bare.status).toBe(400);
});

test('the workspace has its default datastores', async () => {
  const names: (string | undefined)[] = [];
  for await (const datastore of client.datastores.list(...at)) names.push(datastore.name);
  expect(names).toContain('workspaceblobstore');
  const store = await client.datastores.get(...at, 'workspaceblobstore');
  expect(store.properties).toMatchObject({ datastoreType: 'AzureBlob', isDefault: true });
});
