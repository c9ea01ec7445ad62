import type { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AzureMlFixture, ENDPOINT_BODY, POLL_FAST, startFixture } from './azure-ml-fixture.ts';

let fixture: AzureMlFixture;
let client: AzureMachineLearningWorkspaces;

beforeEach(async () => {
  fixture = await startFixture();
  client = fixture.client;
});
afterEach(() => fixture.stop());

const at = ['rg-test', 'ws-test', 'flights'] as const;

describe('an endpoint made by the official client', () => {
  test('is created, read back, listed and deleted through its pollers', async () => {
    const created = await client.onlineEndpoints.beginCreateOrUpdateAndWait(...at, ENDPOINT_BODY as never, POLL_FAST);
    expect(created.properties).toMatchObject({ provisioningState: 'Succeeded', authMode: 'Key', traffic: {} });
    expect(created.properties.scoringUri).toMatch(/\/endpoints\/flights\/score$/);
    const names: (string | undefined)[] = [];
    for await (const endpoint of client.onlineEndpoints.list('rg-test', 'ws-test')) names.push(endpoint.name);
    expect(names).toEqual(['flights']);
    await client.onlineEndpoints.beginDeleteAndWait(...at, POLL_FAST);
    await expect(client.onlineEndpoints.get(...at)).rejects.toMatchObject({
      statusCode: 404,
      code: 'ResourceNotFound',
    });
    expect(fixture.serving.endpoints.size).toBe(0);
  });

  test('takes new tags by PATCH, but no traffic', async () => {
    await fixture.deploy('blue', 'green');
    await fixture.route({ blue: 100 });
    const patch = { tags: { owner: 'ops' }, properties: { traffic: { green: 100 } } };
    const patched = await client.onlineEndpoints.beginUpdateAndWait(...at, patch as never, POLL_FAST);
    expect(patched.tags).toEqual({ owner: 'ops' });
    expect(patched.properties.traffic).toEqual({ blue: 100 });
  });

  test('gives its keys, and a regenerated key reaches the router', async () => {
    await fixture.write('PUT', '/onlineEndpoints/flights', ENDPOINT_BODY);
    const before = await client.onlineEndpoints.listKeys(...at);
    await client.onlineEndpoints.beginRegenerateKeysAndWait(...at, { keyType: 'Secondary' }, POLL_FAST);
    const after = await client.onlineEndpoints.listKeys(...at);
    expect(after.primaryKey).toBe(before.primaryKey);
    expect(after.secondaryKey).not.toBe(before.secondaryKey);
    expect(fixture.serving.keys.get('flights')).toEqual({
      primaryKey: after.primaryKey,
      secondaryKey: after.secondaryKey,
    });
    await expect(client.onlineEndpoints.getToken(...at)).rejects.toMatchObject({ statusCode: 400 });
  });

  test('gives a scoring token in AMLToken mode only', async () => {
    await fixture.write('PUT', '/onlineEndpoints/flights', {
      ...ENDPOINT_BODY,
      properties: { authMode: 'AMLToken' },
    });
    const token = await client.onlineEndpoints.getToken(...at);
    expect(token.tokenType).toBe('Bearer');
    expect(token.expiryTimeUtc).toBeGreaterThan(Date.now() / 1000);
    await expect(client.onlineEndpoints.listKeys(...at)).rejects.toMatchObject({ statusCode: 400 });
  });
});
