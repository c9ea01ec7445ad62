/** What callers get from the router, over HTTPS, with steerable model servers behind it. */

import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BackendLauncher } from './backend-launcher.ts';
import { ENTRA_KEY, type Fixture, IDENTITY, KEYS, NEVER, specOf, startFixture } from './serving-fixture.ts';

const launcher = new BackendLauncher();
let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture({ launcher, payloadLimitBytes: 1_000 });
  for (const name of ['blue', 'green']) await fixture.plane.startDeployment(specOf(name), NEVER);
});
afterAll(() => fixture.stop());
beforeEach(async () => {
  launcher.respond = undefined;
  for (const backend of launcher.backends) backend.bodies.length = 0;
  await fixture.plane.openEndpoint(IDENTITY, KEYS);
  fixture.plane.setRouting('flights', { traffic: { blue: 100 }, mirrorTraffic: {} });
});

function token(key: Uint8Array, audience: string, expiresIn = '1h'): Promise<string> {
  return new SignJWT({ oid: 'caller' })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setExpirationTime(expiresIn)
    .sign(key);
}

describe('who may call', () => {
  test.each([
    ['no key', undefined, 401],
    ['a wrong key', 'Bearer no-key', 401],
    ['a key without its scheme', 'first-key', 401],
    ['an empty key', 'Bearer ', 401],
    ['the primary key', 'Bearer first-key', 200],
    ['the secondary key', 'Bearer second-key', 200],
  ])('in key mode %s', async (_case, authorization, status) => {
    const reply = await fixture.send({ headers: authorization ? { authorization } : {}, body: '{}' });
    expect(reply.status).toBe(status);
    expect(await fixture.rowOf(reply)).toMatchObject({
      responseCode: status,
      authType: 'Key',
      deploymentName: status === 200 ? 'blue' : '',
    });
  });

  test('a regenerated key replaces the old one at once', async () => {
    fixture.plane.setKeys('flights', { ...KEYS, primaryKey: 'newer-key' });
    expect((await fixture.score('{}')).status).toBe(401);
    expect((await fixture.score('{}', { authorization: 'Bearer newer-key' })).status).toBe(200);
  });

  test.each([
    ['for scoring', 'https://ml.azure.com', '1h', 200],
    ['for the control plane', 'https://management.azure.com', '1h', 401],
    ['that has expired', 'https://ml.azure.com', '-1h', 401],
  ])('in Entra ID mode a token %s', async (_case, audience, expiresIn, status) => {
    await fixture.plane.openEndpoint({ ...IDENTITY, authMode: 'AADToken' }, KEYS);
    const authorization = `Bearer ${await token(ENTRA_KEY, audience, expiresIn)}`;
    expect((await fixture.score('{}', { authorization })).status).toBe(status);
    expect((await fixture.score('{}')).status).toBe(401);
  });

  test("in endpoint-token mode a token that the endpoint's primary key signed, and not the key itself", async () => {
    await fixture.plane.openEndpoint({ ...IDENTITY, authMode: 'AMLToken' }, KEYS);
    const signed = await token(new TextEncoder().encode(KEYS.primaryKey), IDENTITY.resourceId);
    expect((await fixture.score('{}', { authorization: `Bearer ${signed}` })).status).toBe(200);
    expect((await fixture.score('{}')).status).toBe(401);
  });
});

describe('which deployment answers', () => {
  test('no traffic anywhere is 404', async () => {
    fixture.plane.setRouting('flights', { traffic: { blue: 0, green: 0 }, mirrorTraffic: {} });
    expect((await fixture.score('{}')).status).toBe(404);
  });

  test('the deployment header goes past the weights, also to a deployment without any', async () => {
    const reply = await fixture.score('{}', { 'azureml-model-deployment': 'green' });
    expect([reply.body, reply.headers['azureml-model-deployment']]).toEqual(['"green"', 'green']);
  });

  test('an unknown deployment in the header is 404', async () => {
    expect((await fixture.score('{}', { 'azureml-model-deployment': 'red' })).status).toBe(404);
  });

  test('a routing change applies to the next request', async () => {
    expect((await fixture.score('{}')).body).toBe('"blue"');
    fixture.plane.setRouting('flights', { traffic: { green: 100 }, mirrorTraffic: {} });
    expect((await fixture.score('{}')).body).toBe('"green"');
  });

  test('an unknown endpoint is 404 and leaves no row', async () => {
    const unknown = await fixture.send({ path: '/endpoints/trains/score' });
    expect(unknown.status).toBe(404);
    await fixture.rowOf(await fixture.score('{}'));
    expect(fixture.rows.map(({ xRequestId }) => xRequestId)).not.toContain(unknown.headers['x-request-id']);
  });
});

describe('what comes back', () => {
  test('body, type and own headers of the model, with the trace ids of the router', async () => {
    launcher.respond = (_body, response) =>
      response
        .writeHead(200, { 'content-type': 'text/csv', 'x-mine': 'yes', 'x-request-id': 'of-the-model' })
        .end('a,b');
    const reply = await fixture.score('{}', { 'x-request-id': 'mine', 'x-ms-client-request-id': 'call_1-é/a' });
    expect(reply).toMatchObject({ status: 200, body: 'a,b' });
    expect(reply.headers).toMatchObject({
      'content-type': 'text/csv',
      'x-mine': 'yes',
      'x-ms-client-request-id': 'call_1-a',
    });
    expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a client request id is cut to 40 characters', async () => {
    const reply = await fixture.score('{}', { 'x-ms-client-request-id': 'a'.repeat(41) });
    expect(reply.headers['x-ms-client-request-id']).toBe('a'.repeat(40));
  });

  test('the model sees the body as it was sent and not the key', async () => {
    const seen: unknown[] = [];
    launcher.respond = (body, response, request) => {
      seen.push(body, request.headers.authorization, request.headers['content-type']);
      response.end();
    };
    await fixture.score(' {"a": 1} ', { 'content-type': 'text/plain' });
    expect(seen).toEqual([' {"a": 1} ', undefined, 'text/plain']);
  });

  test.each([500, 400, 201, 302])('a model status of %d becomes 424 with the status in a header', async (status) => {
    launcher.respond = (_body, response) => response.writeHead(status).end('why');
    const reply = await fixture.score('{}');
    expect(reply).toMatchObject({ status: 424, body: 'why' });
    expect(reply.headers).toMatchObject({
      'ms-azureml-model-error-statuscode': String(status),
      'ms-azureml-model-error-reason': 'model_error',
      'azureml-model-deployment': 'blue',
    });
    expect(await fixture.rowOf(reply)).toMatchObject({
      responseCode: 424,
      modelStatusCode: status,
      modelStatusReason: 'model_error',
    });
  });

  test('a model that hangs up is 424', async () => {
    launcher.respond = (_body, response) => response.destroy();
    const reply = await fixture.score('{}');
    expect([reply.status, reply.headers['ms-azureml-model-error-statuscode']]).toEqual([424, '503']);
  });

  test('a body above the limit is 413 and never reaches the model', async () => {
    const reply = await fixture.score('x'.repeat(1_001));
    expect(reply.status).toBe(413);
    expect(launcher.backends.flatMap(({ bodies }) => bodies)).toEqual([]);
    expect(await fixture.rowOf(reply)).toMatchObject({ responseCode: 413, deploymentName: '' });
  });

  test('another method than POST is 405', async () => {
    const reply = await fixture.send({ method: 'GET', headers: { authorization: 'Bearer first-key' } });
    expect(reply.status).toBe(405);
  });
});

test('the traffic log tells caller, deployment, sizes and codes of a scored request', async () => {
  const sent = '{"data":[1]}';
  const reply = await fixture.score(sent, { 'user-agent': 'u'.repeat(80), 'x-ms-client-request-id': 'abc' });
  expect(await fixture.rowOf(reply)).toMatchObject({
    endpointResourceId: IDENTITY.resourceId,
    endpointName: 'flights',
    deploymentName: 'blue',
    location: 'westeurope',
    workspaceName: 'w',
    workspaceId: IDENTITY.workspaceId,
    method: 'POST',
    path: '/score',
    protocol: 'HTTP/1.1',
    authType: 'Key',
    requestPayloadBytes: sent.length,
    responsePayloadBytes: '"blue"'.length,
    responseCode: 200,
    modelStatusCode: 200,
    userAgent: 'u'.repeat(70),
    xRequestId: reply.headers['x-request-id'],
    xmsClientRequestId: 'abc',
    mirrored: false,
  });
});
