/** Calls Azure Resource Manager below one workspace, waiting for long-running writes as Azure's own clients do. */
import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { sleep, systemClock } from '../../local/emulator/clock.ts';

/** Knows mirrorTraffic, which the 2022-10-01 model of the SDK drops. */
const API_VERSION = '2024-04-01';
const SCOPE = 'https://management.azure.com/.default';
const POLL_MS = 400;
const MAX_OPERATION_MS = 180_000;

const operationSchema = z.object({
  status: z.string(),
  error: z.object({ code: z.string(), message: z.string() }).nullish(),
});

export interface ArmTarget {
  /** Without a trailing slash. */
  readonly endpoint: string;
  readonly workspaceArmId: string;
  readonly credential: TokenCredential;
}

/** Paths begin below the workspace, for example `/models/flights/versions/1`. Refusals are thrown with Azure's words. */
export interface ArmClient {
  get(path: string): Promise<unknown>;
  /** Resolves when the write has succeeded. */
  put(path: string, body: object): Promise<void>;
  post(path: string): Promise<unknown>;
}

export function createArmClient({ endpoint, workspaceArmId, credential }: ArmTarget): ArmClient {
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 3, retryDelayInMs: 200 } });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: SCOPE }));
  const http = createDefaultHttpClient();
  const send = async (method: HttpMethods, url: string, body?: object): Promise<PipelineResponse> => {
    const headers = createHttpHeaders({ 'content-type': 'application/json' });
    const request = createPipelineRequest({ url, method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const reply = await pipeline.sendRequest(http, request);
    if (reply.status < 300) return reply;
    throw new Error(`${method} ${url} was answered with ${reply.status}: ${reply.bodyAsText ?? ''}`);
  };
  const urlOf = (path: string) => `${endpoint}${workspaceArmId}${path}?api-version=${API_VERSION}`;
  return {
    get: async (path) => JSON.parse((await send('GET', urlOf(path))).bodyAsText ?? 'null'),
    post: async (path) => JSON.parse((await send('POST', urlOf(path))).bodyAsText ?? 'null'),
    async put(path, body) {
      const operationUrl = (await send('PUT', urlOf(path), body)).headers.get('azure-asyncoperation');
      if (operationUrl) await waitForOperation(path, async () => (await send('GET', operationUrl)).bodyAsText);
    },
  };
}

async function waitForOperation(path: string, read: () => Promise<string | null | undefined>): Promise<void> {
  for (const deadlineMs = Date.now() + MAX_OPERATION_MS; Date.now() < deadlineMs; await sleep(systemClock, POLL_MS)) {
    const { status, error } = operationSchema.parse(JSON.parse((await read()) ?? ''));
    if (status === 'Succeeded') return;
    if (status === 'Failed' || status === 'Canceled') {
      throw new Error(`Writing ${path} has ${status.toLowerCase()}: ${error?.code ?? ''} ${error?.message ?? ''}`);
    }
  }
  throw new Error(`Writing ${path} is not finished after ${MAX_OPERATION_MS / 1000} s.`);
}
