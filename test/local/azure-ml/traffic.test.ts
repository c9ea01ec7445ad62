import type { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { type AzureMlFixture, DEPLOYMENT_BODY, ENDPOINT_BODY, POLL_FAST, startFixture } from './azure-ml-fixture.ts';

let fixture: AzureMlFixture;
let client: AzureMachineLearningWorkspaces;

beforeEach(async () => {
  fixture = await startFixture();
  client = fixture.client;
});
afterEach(() => fixture.stop());

const at = ['rg-test', 'ws-test', 'flights'] as const;

describe('traffic', () => {
  test('that names existing deployments and sums to 100 reaches the router', async () => {
    await fixture.deploy('blue', 'green');
    await fixture.route({ blue: 90, green: 10 });
    expect(fixture.serving.routing.get('flights')).toEqual({ traffic: { blue: 90, green: 10 }, mirrorTraffic: {} });
  });

  test.each([
    ['sums to 90', { blue: 90 }, {}],
    ['names an unknown deployment', { red: 100 }, {}],
    ['is no whole number', { blue: 99.5, green: 0.5 }, {}],
    ['is negative', { blue: 110, green: -10 }, {}],
    ['is mirrored to two', { blue: 0, green: 0 }, { blue: 10, green: 10 }],
    ['is mirrored above 50', { blue: 100 }, { green: 51 }],
    ['is mirrored to a live deployment', { blue: 100 }, { blue: 10 }],
  ])('that %s is refused and changes nothing', async (_case, traffic, mirror) => {
    await fixture.deploy('blue', 'green');
    await fixture.route({ blue: 100 });
    const answer = await fixture.route(traffic, mirror);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({
      code: 'BadRequest',
      details: expect.arrayContaining([expect.objectContaining({ code: 'InvalidTraffic' })]),
    });
    expect(fixture.serving.routing.get('flights')).toEqual({ traffic: { blue: 100 }, mirrorTraffic: {} });
  });

  test('mirrored by the newer api-version is lost by a PUT of the 2022-10-01 client', async () => {
    await fixture.deploy('blue', 'green');
    await fixture.route({ blue: 100 }, { green: 20 });
    expect((await fixture.raw('GET', '/onlineEndpoints/flights')).body.properties.mirrorTraffic).toEqual({ green: 20 });
    const seen = await client.onlineEndpoints.get(...at);
    expect(seen.properties).not.toHaveProperty('mirrorTraffic');
    await client.onlineEndpoints.beginCreateOrUpdateAndWait(...at, seen, POLL_FAST);
    expect((await fixture.raw('GET', '/onlineEndpoints/flights')).body.properties.mirrorTraffic).toEqual({});
    expect(fixture.serving.routing.get('flights')).toEqual({ traffic: { blue: 100 }, mirrorTraffic: {} });
  });

  test('cannot go to a deployment that never became ready', async () => {
    await fixture.deploy('blue', 'green');
    fixture.serving.nextStart = { ok: false, code: 'ResourceNotReady', message: 'never ready' };
    await fixture.write('PUT', '/onlineEndpoints/flights/deployments/red', DEPLOYMENT_BODY);
    expect((await fixture.route({ red: 100 })).status).toBe(400);
  });

  test('whose operation fails leaves the old routing and a failed endpoint that can be repaired', async () => {
    await fixture.deploy('blue', 'green');
    await fixture.route({ blue: 100 });
    fixture.azureMl.operations.orders.add({
      match: '^PUT .*/onlineEndpoints/flights\\?',
      fail: { code: 'InternalServerError', message: 'ordered' },
    });
    const end = await fixture.route({ green: 100 });
    expect(end.body).toMatchObject({ status: 'Failed', error: { code: 'InternalServerError', message: 'ordered' } });
    expect(fixture.serving.routing.get('flights')?.traffic).toEqual({ blue: 100 });
    const failed = await fixture.raw('GET', '/onlineEndpoints/flights');
    expect(failed.body.properties).toMatchObject({ provisioningState: 'Failed', traffic: { blue: 100 } });
    expect((await fixture.route({ green: 100 })).body).toMatchObject({ status: 'Succeeded' });
    expect(fixture.serving.routing.get('flights')?.traffic).toEqual({ green: 100 });
  });
});

describe('while an operation runs', () => {
  test('every further write to the endpoint and its deployments is refused with 409', async () => {
    await fixture.deploy('blue', 'green');
    fixture.azureMl.operations.orders.add({ match: '^PUT', delayMs: 60_000 });
    const body = { ...ENDPOINT_BODY, properties: { authMode: 'Key', traffic: { blue: 100 } } };
    const first = await fixture.raw('PUT', '/onlineEndpoints/flights', body);
    expect(first.status).toBe(200);
    expect(first.body.properties).toMatchObject({
      provisioningState: 'Updating',
      traffic: { blue: 100 },
      properties: { AzureAsyncOperationUri: first.header('azure-asyncoperation') },
    });
    const deployment = '/onlineEndpoints/flights/deployments/green';
    const refused = [
      await fixture.raw('PUT', '/onlineEndpoints/flights', body),
      await fixture.raw('PATCH', '/onlineEndpoints/flights', { tags: {} }),
      await fixture.raw('DELETE', '/onlineEndpoints/flights'),
      await fixture.raw('POST', '/onlineEndpoints/flights/regenerateKeys', { keyType: 'Primary' }),
      await fixture.raw('PUT', deployment, DEPLOYMENT_BODY),
      await fixture.raw('PATCH', deployment, { sku: { capacity: 3 } }),
      await fixture.raw('DELETE', deployment),
    ];
    expect(refused.map(({ status, body: { error } }) => `${status} ${error.code}`)).toEqual(
      Array.from({ length: 7 }, () => '409 Conflict'),
    );
    expect((await fixture.raw('GET', first.header('azure-asyncoperation') ?? '')).body.status).toBe('InProgress');
  });
});

describe('after a traffic write', () => {
  test('the router has the new split at once, and GETs show the old one until the stale time is over', async () => {
    const clock = new ManualClock(Date.now());
    await fixture.stop();
    fixture = await startFixture({ clock, staleReadMs: 1500, operationDelayMs: 100 });
    await fixture.registerAssets();
    const put = async (path: string, body: unknown) => {
      const answer = await fixture.raw('PUT', path, body);
      expect(answer.status).toBeLessThan(202);
      for (let tries = 0; tries < 500; tries += 1) {
        await clock.advance(tries === 0 ? 100 : 0);
        const { body: status } = await fixture.raw('GET', answer.header('azure-asyncoperation') ?? '');
        if (status.status === 'Succeeded') return;
      }
      throw new Error(`The write to ${path} did not succeed.`);
    };
    await put('/onlineEndpoints/flights', ENDPOINT_BODY);
    await put('/onlineEndpoints/flights/deployments/blue', DEPLOYMENT_BODY);
    await put('/onlineEndpoints/flights', {
      ...ENDPOINT_BODY,
      properties: { authMode: 'Key', traffic: { blue: 100 } },
    });
    const traffic = async () => (await fixture.raw('GET', '/onlineEndpoints/flights')).body.properties.traffic;
    expect(fixture.serving.routing.get('flights')?.traffic).toEqual({ blue: 100 });
    expect(await traffic()).toEqual({});
    await clock.advance(1499);
    expect(await traffic()).toEqual({});
    await clock.advance(1);
    expect(await traffic()).toEqual({ blue: 100 });
  });
});
