/** A running Azure ML emulator with an in-memory serving plane, the official client, and raw ARM calls. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import type { TokenCredential } from '@azure/core-auth';
import { createPipelineRequest, type HttpMethods } from '@azure/core-rest-pipeline';
import { SignJWT } from 'jose';
import { type AzureMlOptions, type RunningAzureMl, startAzureMl } from '../../../local/azure-ml/start-azure-ml.ts';
import type { SystemEvent } from '../../../local/contracts/system-event.ts';
import { createBearerVerifier } from '../../../local/emulator/bearer.ts';
import { type DevCertificates, ensureDevCertificates } from '../../../local/emulator/certificates.ts';
import { systemClock } from '../../../local/emulator/clock.ts';
import { createMemoryServingPlane, type MemoryServingPlane } from './memory-serving-plane.ts';

const TOKEN_KEY = new TextEncoder().encode('a key for signing the tokens of these tests');
export const RAW_VERSION = '2024-04-01';

export const WORKSPACE = {
  subscriptionId: '11111111-1111-1111-1111-111111111111',
  resourceGroup: 'rg-test',
  name: 'ws-test',
  location: 'westeurope',
  workspaceId: '22222222-2222-2222-2222-222222222222',
  tenantId: '33333333-3333-3333-3333-333333333333',
};

export const WORKSPACE_ID = `/subscriptions/${WORKSPACE.subscriptionId}/resourceGroups/rg-test/providers/Microsoft.MachineLearningServices/workspaces/ws-test`;
const ENDPOINT = '/onlineEndpoints/flights';
export const POLL_FAST = { updateIntervalInMs: 10 };

// biome-ignore lint/suspicious/noExplicitAny: raw ARM bodies are looked at freely by tests
export type Json = any;

export interface RawAnswer {
  readonly status: number;
  readonly body: Json;
  readonly header: (name: string) => string | undefined;
}

export interface AzureMlFixture {
  readonly azureMl: RunningAzureMl;
  readonly serving: MemoryServingPlane;
  readonly events: SystemEvent[];
  readonly client: AzureMachineLearningWorkspaces;
  /** Certificate authority of the emulator, for calls without the client. */
  readonly ca: string;
  /** Raw ARM call below the workspace (or at an absolute address) with the newer api-version. */
  raw(method: HttpMethods, path: string, body?: unknown): Promise<RawAnswer>;
  /** Raw write, polled to its end; resolves with the last status document or result. */
  write(method: HttpMethods, path: string, body?: unknown): Promise<RawAnswer>;
  /** Uploads a model file and a scoring script, and registers model `flights`, code and environment, version 1. */
  registerAssets(): Promise<void>;
  /** Registers the assets, makes the endpoint `flights` and these deployments of it. */
  deploy(...names: readonly string[]): Promise<void>;
  /** Sets the endpoint's traffic with a full PUT. */
  route(traffic: object, mirrorTraffic?: object): Promise<RawAnswer>;
  stop(): Promise<void>;
}

export function credential(audience = 'https://management.azure.com/'): TokenCredential {
  return {
    getToken: async () => ({ token: await signToken(audience), expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
}

export function signToken(audience: string): Promise<string> {
  return new SignJWT({ oid: 'caller-1', aud: audience })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(TOKEN_KEY);
}

async function makeCertificates(): Promise<DevCertificates> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-tls-'));
  const made = await ensureDevCertificates(folder);
  await rm(folder, { recursive: true, force: true });
  return made;
}

/** One pair per test file, because making one takes a tenth of a second. */
let certificates: Promise<DevCertificates> | undefined;

export async function startFixture(overrides: Partial<AzureMlOptions> = {}): Promise<AzureMlFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-azure-ml-'));
  certificates ??= makeCertificates();
  const tls = overrides.tls ?? (await certificates);
  const serving = createMemoryServingPlane();
  const events: SystemEvent[] = [];
  const azureMl = await startAzureMl({
    port: 0,
    clock: systemClock,
    tls,
    verifyBearer: createBearerVerifier(TOKEN_KEY, () => Date.now()),
    serving,
    events: { raise: (event) => void events.push(event) },
    workspace: WORKSPACE,
    storageFolder: join(folder, 'storage'),
    staleReadMs: 0,
    operationDelayMs: 20,
    retryAfterSeconds: 0,
    ...overrides,
  });
  const client = new AzureMachineLearningWorkspaces(credential(), WORKSPACE.subscriptionId, {
    endpoint: azureMl.url,
    credentialScopes: 'https://management.azure.com/.default',
    tlsOptions: { ca: tls.ca },
    retryOptions: { maxRetries: 0 },
  });
  const raw = rawCaller(client, azureMl.url);
  const register = () => registerAssets(azureMl, raw, folder);
  return {
    azureMl,
    serving,
    events,
    client,
    ca: tls.ca,
    raw,
    write: (method, path, body) => polled(raw, method, path, body),
    registerAssets: register,
    async deploy(...names) {
      await register();
      await polled(raw, 'PUT', ENDPOINT, ENDPOINT_BODY);
      for (const name of names)
        await mustSucceed(polled(raw, 'PUT', `${ENDPOINT}/deployments/${name}`, DEPLOYMENT_BODY));
    },
    route: (traffic, mirrorTraffic = {}) =>
      polled(raw, 'PUT', ENDPOINT, { ...ENDPOINT_BODY, properties: { authMode: 'Key', traffic, mirrorTraffic } }),
    async stop() {
      await azureMl.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function mustSucceed(answer: Promise<RawAnswer>): Promise<void> {
  const { body } = await answer;
  if (body?.status !== 'Succeeded') throw new Error(`The write did not succeed: ${JSON.stringify(body)}`);
}

type Raw = AzureMlFixture['raw'];

function rawCaller(client: AzureMachineLearningWorkspaces, baseUrl: string): Raw {
  return async (method, path, body) => {
    const absolute = path.startsWith('https://') ? path : `${baseUrl}${WORKSPACE_ID}${path}`;
    const url = absolute.includes('api-version=')
      ? absolute
      : `${absolute}${absolute.includes('?') ? '&' : '?'}api-version=${RAW_VERSION}`;
    const request = createPipelineRequest({
      url,
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    request.headers.set('content-type', 'application/json');
    const response = await client.sendRequest(request);
    const text = response.bodyAsText ?? '';
    return {
      status: response.status,
      body: text === '' ? undefined : JSON.parse(text),
      header: (name) => response.headers.get(name),
    };
  };
}

/** Enough for a real model server to start on a busy machine. */
const OPERATION_LIMIT_MS = 15_000;

async function polled(raw: Raw, method: HttpMethods, path: string, body: unknown): Promise<RawAnswer> {
  const first = await raw(method, path, body);
  const url = first.header('azure-asyncoperation') ?? first.header('location');
  if (!url) return first;
  const deadlineMs = Date.now() + OPERATION_LIMIT_MS;
  while (Date.now() < deadlineMs) {
    const answer = await raw('GET', url);
    if (answer.status !== 202 && answer.body?.status !== 'InProgress') return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`The operation of ${method} ${path} did not end.`);
}

async function registerAssets(azureMl: RunningAzureMl, raw: Raw, folder: string): Promise<void> {
  const code = join(folder, 'code');
  const model = join(folder, 'model.json');
  await mkdir(code, { recursive: true });
  await writeFile(join(code, 'score.py'), 'def init(): pass\n');
  await writeFile(model, '{}');
  const modelUri = await azureMl.artifacts.upload(model);
  const codeUri = await azureMl.artifacts.upload(code);
  await raw('PUT', '/models/flights/versions/1', { properties: { modelUri } });
  await raw('PUT', '/codes/flights/versions/1', { properties: { codeUri } });
  await raw('PUT', '/environments/flights/versions/1', { properties: { image: 'python:3.11' } });
}

export const ENDPOINT_BODY = { location: 'westeurope', properties: { authMode: 'Key' } };

export const DEPLOYMENT_BODY = {
  location: 'westeurope',
  sku: { name: 'Default', capacity: 2 },
  properties: {
    endpointComputeType: 'Managed',
    model: `${WORKSPACE_ID}/models/flights/versions/1`,
    environmentId: 'azureml:flights:1',
    codeConfiguration: { codeId: `${WORKSPACE_ID}/codes/flights/versions/1`, scoringScript: 'score.py' },
    instanceType: 'Standard_DS3_v2',
  },
};
