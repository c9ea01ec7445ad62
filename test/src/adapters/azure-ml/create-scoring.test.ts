/** Direct scoring: which addresses may be called, the key and its renewal, and replies of every kind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DevCertificates, ensureDevCertificates } from '../../../../local/emulator/certificates.ts';
import { systemClock } from '../../../../local/emulator/clock.ts';
import { type RunningEmulator, startEmulator } from '../../../../local/emulator/server.ts';
import { trustDevCa } from '../../../../local/stack/trust-dev-ca.ts';
import { createAzureMlClient } from '../../../../src/adapters/azure-ml/azure-ml-client.ts';
import { createScoring } from '../../../../src/adapters/azure-ml/create-scoring.ts';
import { allowedScoringUrl } from '../../../../src/adapters/azure-ml/scoring-address.ts';
import type { DeploymentName, EndpointName } from '../../../../src/domain/ids/names.ts';
import { type Scoring, ScoringRefused } from '../../../../src/ports/scoring.ts';
import { testCredential } from '../token-credential.ts';

const ENDPOINT = 'flights' as EndpointName;
const GREEN = 'green' as DeploymentName;
const TARGET = {
  subscriptionId: '11111111-1111-1111-1111-111111111111',
  resourceGroup: 'rg',
  workspace: 'ws',
};

let folder: string;
let tls: DevCertificates;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-scoring-'));
  tls = await ensureDevCertificates(folder);
  trustDevCa(tls.ca);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('createScoring', () => {
  let server: RunningEmulator;
  let scoring: Scoring;
  let key: string;
  let keyReads: number;
  let scoringUri: string;

  beforeEach(async () => {
    key = 'first-key';
    keyReads = 0;
    server = await startEmulator({ name: 'scoring', port: 0, clock: systemClock, tls, register: routes });
    scoringUri = `${server.url}/score`;
    scoring = open([`localhost:${server.port}`]);
  });
  afterEach(() => server.stop());

  function open(allowedHosts: readonly string[]): Scoring {
    const target = { ...TARGET, armEndpoint: server.url };
    return createScoring(createAzureMlClient(target, testCredential), target, allowedHosts, systemClock);
  }

  function routes(app: FastifyInstance): void {
    const properties = () => ({ scoringUri, authMode: 'Key', provisioningState: 'Succeeded' });
    app.get('/subscriptions/*', async () => ({ id: 'x', name: ENDPOINT, location: 'x', properties: properties() }));
    app.post('/subscriptions/*', async () => {
      keyReads += 1;
      return { primaryKey: key, secondaryKey: 'other' };
    });
    app.post('/score', async (request, reply) => {
      if (request.headers.authorization !== `Bearer ${key}`) return reply.code(401).send('no');
      const wanted = (request.body as { reply?: string }).reply;
      if (wanted === 'redirect') return reply.redirect('/elsewhere', 307);
      if (wanted === 'large') return reply.send('x'.repeat(1024 * 1024 + 1));
      if (wanted === 'text') return reply.code(424).send('broken model');
      return { deployment: request.headers['azureml-model-deployment'], got: request.body };
    });
    app.post('/elsewhere', async () => ({ followed: true }));
  }

  const score = (body: unknown, timeoutMs = 5000) => scoring.score(ENDPOINT, GREEN, body, timeoutMs);

  test('a request goes to the named deployment with the key, and the reply is parsed', async () => {
    const reply = await score({ data: [1] });
    expect(reply).toMatchObject({ status: 200, body: { deployment: 'green', got: { data: [1] } } });
    expect(reply.durationMs).toBeGreaterThanOrEqual(0);
  });

  test('the key is read once for many requests, and again after it was changed', async () => {
    await score({});
    await score({});
    expect(keyReads).toBe(1);
    key = 'second-key';
    expect((await score({})).status).toBe(200);
    expect(keyReads).toBe(2);
  });

  test('a reply that is not JSON is given as text with its status', async () => {
    expect(await score({ reply: 'text' })).toMatchObject({ status: 424, body: 'broken model' });
  });

  test('a redirect is an answer, not a way to another host', async () => {
    const reply = await score({ reply: 'redirect' });
    expect(reply.status).toBe(307);
    expect(JSON.stringify(reply.body)).not.toContain('followed');
  });

  test('a reply above a mebibyte is not read to its end', async () => {
    expect((await score({ reply: 'large' })).body).toMatch(/larger than 1048576 bytes/);
  });

  test('an endpoint that does not answer in time counts as status 408', async () => {
    await score({});
    server.faults.arm({ match: { method: 'POST', path: '/score' }, action: { type: 'hang' } });
    expect(await score({}, 100)).toMatchObject({ status: 408, body: expect.stringMatching(/100 ms/) });
  });

  test('a cut connection throws, because a later try may work', async () => {
    await score({});
    server.faults.arm({ match: { method: 'POST', path: '/score' }, action: { type: 'drop' } });
    const failure = await score({}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(ScoringRefused);
  });

  test('a scoring address that is not allowed is refused and never called', async () => {
    scoring = open([]);
    await expect(score({})).rejects.toThrow(ScoringRefused);
    expect(server.faults.calls().filter(({ url }) => url.startsWith('/score'))).toEqual([]);
  });
});

describe('allowedScoringUrl', () => {
  const ALLOWED = ['localhost:8443'];
  test.each([
    'https://flights.westeurope.inference.ml.azure.com/score',
    'https://flights.westeurope.inference.ml.azure.com:443/score',
    'https://localhost:8443/endpoints/flights/score',
    'https://LOCALHOST:8443/score',
  ])('%s may be called', (uri) => {
    expect(allowedScoringUrl(uri, ALLOWED)).not.toBeNull();
  });

  test.each([
    'http://flights.westeurope.inference.ml.azure.com/score',
    'https://flights.westeurope.inference.ml.azure.com:8443/score',
    'https://flights.westeurope.inference.ml.azure.com.evil.example/score',
    'https://evil.example/flights.westeurope.inference.ml.azure.com',
    'https://user:pw@flights.westeurope.inference.ml.azure.com/score',
    'https://inference.ml.azure.com/score',
    'https://localhost/score',
    'https://localhost:8444/score',
    'https://127.0.0.1:8443/score',
    'https://169.254.169.254/metadata',
    'file:///etc/passwd',
    '',
  ])('%s may not be called', (uri) => {
    expect(allowedScoringUrl(uri, ALLOWED)).toBeNull();
  });
});
