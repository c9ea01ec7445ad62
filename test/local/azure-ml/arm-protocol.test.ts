import { request } from 'node:https';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AzureMlFixture, type RawAnswer, signToken, startFixture, WORKSPACE_ID } from './azure-ml-fixture.ts';

let fixture: AzureMlFixture;

beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.stop());

const VERSION = 'api-version=2024-04-01';

/** A call without the SDK, so that its headers are the test's own. */
function call(path: string, authorization?: string, method = 'GET', body?: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { ...(authorization ? { authorization } : {}), 'content-type': 'application/json' };
    const options = { method, headers, rejectUnauthorized: false };
    const outgoing = request(`${fixture.azureMl.url}${path}`, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const header = (name: string) => answer.headers[name]?.toString();
        resolve({ status: answer.statusCode ?? 0, body: text ? JSON.parse(text) : undefined, header });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const bearer = async (audience = 'https://management.azure.com/') => `Bearer ${await signToken(audience)}`;

describe('a call', () => {
  test.each([
    ['without a token', undefined],
    ['with a malformed token', 'Bearer abc'],
    ['with a key', 'SharedKey abc'],
  ])('%s is answered 401, also where nothing is', async (_case, authorization) => {
    for (const path of [WORKSPACE_ID, `${WORKSPACE_ID}/nothing`, '/']) {
      const answer = await call(`${path}?${VERSION}`, authorization);
      expect(answer.status).toBe(401);
      expect(answer.body.error.code).toBe('InvalidAuthenticationToken');
      expect(answer.header('www-authenticate')).toMatch(/^Bearer /);
    }
  });

  test('with a token for another resource is answered 401', async () => {
    expect((await call(`${WORKSPACE_ID}?${VERSION}`, await bearer('https://ml.azure.com'))).status).toBe(401);
  });

  test.each([
    ['', 400, 'MissingApiVersionParameter'],
    ['?api-version=2019-01-01', 400, 'InvalidApiVersionParameter'],
    ['?api-version=2024-04-01-preview', 400, 'InvalidApiVersionParameter'],
    ['?API-VERSION=2022-10-01', 200, undefined],
  ])('with the query %s is answered %d', async (query, status, code) => {
    const answer = await call(`${WORKSPACE_ID}${query}`, await bearer());
    expect(answer.status).toBe(status);
    expect(answer.body.error?.code).toBe(code);
  });

  test.each([
    ['of an unknown resource type', `${WORKSPACE_ID}/kites`, 'InvalidResourceType'],
    ['of another workspace', `${WORKSPACE_ID}2/models`, 'ResourceNotFound'],
    ['of another group', WORKSPACE_ID.replace('rg-test', 'rg-other'), 'ResourceGroupNotFound'],
    ['of another subscription', WORKSPACE_ID.replace('11111111', '99999999'), 'SubscriptionNotFound'],
    ['of an unknown endpoint', `${WORKSPACE_ID}/onlineEndpoints/none`, 'ResourceNotFound'],
    [
      'of an unknown operation',
      `${WORKSPACE_ID.split('/resourceGroups')[0]}/providers/Microsoft.MachineLearningServices/locations/westeurope/mfeOperationsStatus/x`,
      'ResourceNotFound',
    ],
  ])('%s is answered 404', async (_case, path, code) => {
    const answer = await call(`${path}?${VERSION}`, await bearer());
    expect(answer.status).toBe(404);
    expect(answer.body.error.code).toBe(code);
  });

  test('is matched without case and with doubled slashes', async () => {
    const path = `/${WORKSPACE_ID}/ONLINEENDPOINTS`.replace('resourceGroups', 'resourcegroups');
    expect((await call(`${path}?${VERSION}`, await bearer())).body).toEqual({ value: [] });
  });

  test('with a body that is no JSON or no object is answered 400', async () => {
    for (const body of ['{"properties":', '"text"', '[]']) {
      const path = `${WORKSPACE_ID}/models/flights/versions/1?${VERSION}`;
      const answer = await call(path, await bearer(), 'PUT', body);
      expect(answer.status).toBe(400);
      expect(answer.body.error.code).toBe('BadRequest');
    }
  });

  test('with several wrong members is told all of them with their paths', async () => {
    const answer = await fixture.raw('PUT', '/onlineEndpoints/flights', {
      properties: { authMode: 'None', traffic: 1 },
    });
    const targets = answer.body.error.details.map((detail: { target: string }) => detail.target);
    expect(targets).toEqual(['location', 'properties.authMode', 'properties.traffic']);
  });
});

test('the workspace is shown to the official client', async () => {
  const workspace = await fixture.client.workspaces.get('rg-test', 'ws-test');
  expect(workspace).toMatchObject({
    id: WORKSPACE_ID,
    location: 'westeurope',
    workspaceId: '22222222-2222-2222-2222-222222222222',
    provisioningState: 'Succeeded',
    v1LegacyMode: false,
  });
  expect(workspace.mlFlowTrackingUri).toMatch(/^azureml:\/\/localhost:\d+\/mlflow\/v1\.0\/subscriptions\//);
});

describe('control routes', () => {
  test('raise a system event again', async () => {
    const event = { type: 'Microsoft.MachineLearningServices.ModelRegistered', subject: 'models/flights:1', data: {} };
    const answer = await call('/_control/events', undefined, 'POST', JSON.stringify(event));
    expect(answer.status).toBe(202);
    expect(fixture.events).toEqual([{ source: WORKSPACE_ID, ...event }]);
    expect((await call('/_control/events', undefined, 'POST', '{"type":1}')).status).toBe(400);
  });

  test('fail, then allow, the next matching call', async () => {
    fixture.azureMl.faults.arm({
      match: { method: 'GET', path: '/onlineEndpoints' },
      action: { type: 'fail', status: 503 },
    });
    expect((await fixture.raw('GET', '/onlineEndpoints')).status).toBe(503);
    expect((await fixture.raw('GET', '/onlineEndpoints')).status).toBe(200);
  });

  test('fail the next matching operation and list it', async () => {
    const order = { match: 'DELETE', fail: { code: 'InternalServerError', message: 'ordered' } };
    await call('/_control/operations', undefined, 'POST', JSON.stringify(order));
    await fixture.deploy('blue');
    const end = await fixture.write('DELETE', '/onlineEndpoints/flights/deployments/blue');
    expect(end).toMatchObject({ status: 400, body: { error: { code: 'InternalServerError' } } });
    const seen = (await call('/_control/operations')).body;
    expect(seen.at(-1)).toMatchObject({ outcome: { ok: false, code: 'InternalServerError' } });
    expect((await fixture.write('DELETE', '/onlineEndpoints/flights/deployments/blue')).status).toBe(204);
  });
});
