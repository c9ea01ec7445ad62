import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AzureMlFixture, DEPLOYMENT_BODY, startFixture } from './azure-ml-fixture.ts';

let fixture: AzureMlFixture;

beforeEach(async () => {
  fixture = await startFixture();
  await fixture.deploy('blue', 'green');
  await fixture.route({ blue: 90, green: 10 });
});
afterEach(() => fixture.stop());

/** Everything that a write stamps anew is left out. */
function content(body: { systemData?: unknown; properties: { properties?: object } }): object {
  const { systemData, ...rest } = body;
  const labels = { ...body.properties.properties, AzureAsyncOperationUri: '' };
  return { ...rest, properties: { ...body.properties, properties: labels } };
}

test.each([
  '/models/flights/versions/1',
  '/codes/flights/versions/1',
  '/environments/flights/versions/1',
  '/onlineEndpoints/flights',
  '/onlineEndpoints/flights/deployments/blue',
])('what GET %s answers can be put back as it is and changes nothing', async (path) => {
  const before = (await fixture.raw('GET', path)).body;
  const starts = fixture.serving.starts;
  expect((await fixture.write('PUT', path, before)).status).toBe(200);
  const after = (await fixture.raw('GET', path)).body;
  expect(content(after)).toEqual(content(before));
  expect(fixture.serving.starts).toBe(starts);
  expect(fixture.serving.routing.get('flights')?.traffic).toEqual({ blue: 90, green: 10 });
});

test('enumerations are read in any case and shown in Azure spelling', async () => {
  const dataCollector = { collections: { model_inputs: { dataCollectionMode: 'enabled' } }, rollingRate: 'hour' };
  const properties = { ...DEPLOYMENT_BODY.properties, dataCollector };
  const path = '/onlineEndpoints/flights/deployments/blue';
  await fixture.write('PUT', path, { ...DEPLOYMENT_BODY, properties });
  expect((await fixture.raw('GET', path)).body.properties.dataCollector).toEqual({
    collections: { model_inputs: { dataCollectionMode: 'Enabled' } },
    rollingRate: 'Hour',
  });
});
