/** What a deployment's `dataCollector` may say, over ARM. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AzureMlFixture, DEPLOYMENT_BODY, startFixture, WORKSPACE, WORKSPACE_ID } from '../azure-ml-fixture.ts';

const PATH = '/onlineEndpoints/flights/deployments/blue';

let fixture: AzureMlFixture;

beforeEach(async () => {
  fixture = await startFixture();
  await fixture.deploy();
});
afterEach(() => fixture.stop());

function bodyWith(dataCollector: object): object {
  return { ...DEPLOYMENT_BODY, properties: { ...DEPLOYMENT_BODY.properties, dataCollector } };
}

const collecting = () => fixture.serving.running.get('flights/blue')?.dataCollection;

describe('a deployment that collects', () => {
  test('stores at its data assets, or by default below modelDataCollector; what is disabled is left out', async () => {
    const dataUri = 'azureml://datastores/workspaceartifactstore/paths/mine/';
    await fixture.raw('PUT', '/data/mine/versions/3', { properties: { dataType: 'uri_folder', dataUri } });
    const collections = {
      model_inputs: {
        dataCollectionMode: 'enabled',
        samplingRate: 0.25,
        dataId: `${WORKSPACE_ID}/data/mine/versions/3`,
      },
      model_outputs: { dataCollectionMode: 'Enabled' },
      request: { dataCollectionMode: 'Disabled' },
      errors: {},
    };
    await fixture.write('PUT', PATH, bodyWith({ collections, rollingRate: 'minute' }));
    expect(collecting()).toEqual({
      source: `${WORKSPACE_ID}${PATH}`,
      rollingRate: 'Minute',
      collections: [
        { name: 'model_inputs', samplingRate: 0.25, container: 'azureml', blobPath: 'mine' },
        {
          name: 'model_outputs',
          samplingRate: 1,
          container: `azureml-blobstore-${WORKSPACE.workspaceId}`,
          blobPath: 'modelDataCollector/flights/blue/model_outputs',
        },
      ],
    });
  });

  test('loses its settings when a client of an older api-version writes it back', async () => {
    await fixture.write('PUT', PATH, bodyWith({ collections: { model_inputs: { dataCollectionMode: 'Enabled' } } }));
    const old = await fixture.raw('GET', `${PATH}?api-version=2022-10-01`);
    expect(old.body.properties).not.toHaveProperty('dataCollector');
    await fixture.write('PUT', `${PATH}?api-version=2022-10-01`, old.body);
    expect(collecting()).toBeUndefined();
  });
});

test.each([
  ['payload logging', { request: { dataCollectionMode: 'Enabled' } }, 'payload logging'],
  ['an asset that is not there', { a: { dataCollectionMode: 'Enabled', dataId: 'azureml:none:1' } }, "'none'"],
  ['a name that is no path', { '../a': { dataCollectionMode: 'Enabled' } }, 'no name of a collection'],
  ['a sampling rate above 1', { a: { dataCollectionMode: 'Enabled', samplingRate: 1.5 } }, 'samplingRate'],
])('%s is refused', async (_case, collections, reason) => {
  const answer = await fixture.raw('PUT', PATH, bodyWith({ collections }));
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain(reason);
  expect((await fixture.raw('GET', PATH)).status).toBe(404);
});
