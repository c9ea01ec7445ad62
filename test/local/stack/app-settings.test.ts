/** The settings that the stack gives the app satisfy the bounds that the app states. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { appSettings } from '../../../local/stack/app-settings.ts';
import { preparePolicies } from '../../../local/stack/prepare-policies.ts';
import { planStack, ROOT_FOLDER } from '../../../local/stack/stack-options.ts';
import { readSettings } from '../../../src/config/settings.ts';

const addresses = {
  identity: 'http://127.0.0.1:1/msi/token',
  blobs: 'https://127.0.0.1:2/slipwaylocal',
  queues: 'https://127.0.0.1:3/slipwaylocal',
  tables: 'https://127.0.0.1:4/slipwaylocal',
  monitor: 'https://localhost:5',
  login: 'https://localhost:12',
  eventGrid: 'https://localhost:6',
  eventTopic: 'https://localhost:6/topics/slipway/api/events',
  serviceBus: 'http://127.0.0.1:10',
  scoring: 'https://localhost:7',
  azureMl: 'https://localhost:8',
  host: 'http://127.0.0.1:9',
};

test('the app accepts every setting and calls the local addresses', () => {
  const settings = appSettings({
    addresses,
    storageConnectionString: 'AccountName=x',
    serviceBusConnectionString:
      'Endpoint=sb://127.0.0.1:11;SharedAccessKeyName=k;SharedAccessKey=s;UseDevelopmentEmulator=true',
    storageAccountName: 'slipwaylocal',
    caPath: '/ca.pem',
    identity: { endpoint: addresses.identity, header: 'h' },
    tokenSecret: Buffer.alloc(48, 1).toString('base64url'),
    policiesFolder: '/policies',
  });
  const reading = readSettings(settings, '/');
  expect(reading).toMatchObject({
    ok: true,
    settings: {
      armEndpoint: addresses.azureMl,
      logsEndpoint: addresses.monitor,
      blobsEndpoint: addresses.blobs,
      eventTopicEndpoint: addresses.eventTopic,
      publicUrl: addresses.host,
      serviceBus: { kind: 'connection-string' },
      alerts: { loginEndpoint: addresses.login, audiences: ['api://slipway-local'] },
      datastoreBlobsEndpoint: addresses.blobs,
      allowedHosts: ['localhost:7', 'localhost:8'],
      policiesFolder: '/policies',
    },
  });
});

test('the policies of the examples are copied with the bucket of the stack and their job beside them, nothing else changed', async () => {
  const target = await mkdtemp(join(tmpdir(), 'policies-'));
  await preparePolicies(join(ROOT_FOLDER, 'examples'), target, 3);
  const original = parse(await readFile(join(ROOT_FOLDER, 'examples/flights/policy.yaml'), 'utf8')) as {
    metrics: object;
    retrain: object;
  };
  const copy: unknown = parse(await readFile(join(target, 'flights.yaml'), 'utf8'));
  const retrain = { ...original.retrain, job: 'flights-job.yml' };
  expect(copy).toEqual({ ...original, metrics: { ...original.metrics, bucketSeconds: 3 }, retrain });
  const jobs = await Promise.all(
    [join(ROOT_FOLDER, 'examples/flights/job.yml'), join(target, 'flights-job.yml')].map((path) =>
      readFile(path, 'utf8'),
    ),
  );
  expect(jobs[0]).toBe(jobs[1]);
  await rm(target, { recursive: true });
});

test.each([0, 1.5, 7, 120])('a bucket of %d seconds is refused', (bucketSeconds) => {
  expect(() => planStack({ bucketSeconds })).toThrow('must divide 60');
});
