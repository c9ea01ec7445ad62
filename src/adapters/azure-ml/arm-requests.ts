/**
 * Raw requests to the workspace's resources in one newer api-version. The client's own models are those of 2022-10-01:
 * they neither show nor send mirrored traffic (arm-machinelearning 2.1.1), so what was read could not be written back.
 */
import type { WriteOutcome } from '../../ports/model-platform.ts';
import { errorTextOf, outcomeOfRefusal } from './arm-error.ts';
import { type AzureMlClient, type AzureMlTarget, callSignal } from './azure-ml-client.ts';

const API_VERSION = '2024-04-01';

type Method = 'GET' | 'PUT' | 'DELETE' | 'POST' | 'PATCH';

export interface ArmRequests {
  /** ARM id of the workspace. */
  readonly workspaceId: string;
  /** The resource as Azure shows it, or null when it does not exist; throws on everything else. */
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
  /** A write that is not waited for; 404 of a DELETE counts as done. */
  write(method: Exclude<Method, 'GET'>, path: string, body?: object): Promise<WriteOutcome>;
}

/** Paths are below the workspace and made by `armPath`. */
export function createArmRequests(client: AzureMlClient, target: AzureMlTarget): ArmRequests {
  const workspaceId = `${armPath('subscriptions', target.subscriptionId, 'resourceGroups', target.resourceGroup)}/providers/Microsoft.MachineLearningServices${armPath('workspaces', target.workspace)}`;
  const send = (method: Method, path: string, body?: object, query: Readonly<Record<string, string>> = {}) => {
    const parameters = new URLSearchParams({ 'api-version': API_VERSION, ...query });
    return exchange(client, method, `${target.armEndpoint}${workspaceId}${path}?${parameters}`, body);
  };
  return {
    workspaceId,
    async get(path, query) {
      const reply = await send('GET', path, undefined, query);
      if (reply.status === 404) return null;
      if (reply.status === 200) return reply.body;
      throw new Error(
        `Reading ${path} from Azure ML failed (HTTP ${reply.status}): ${errorTextOf(reply.status, reply.body)}`,
      );
    },
    async write(method, path, body) {
      const reply = await send(method, path, body);
      if (reply.status < 300 || (method === 'DELETE' && reply.status === 404)) return { kind: 'accepted' };
      return outcomeOfRefusal(reply.status, reply.body, `${method} ${path} at Azure ML`);
    },
  };
}

/** Throws with what was asked when there is no answer in time. */
async function exchange(client: AzureMlClient, method: Method, url: string, body?: object) {
  const signal = callSignal();
  const headers = { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) };
  try {
    const { createHttpHeaders, createPipelineRequest } = await import('@azure/core-rest-pipeline');
    const request = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders(headers),
      abortSignal: signal,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const response = await (await client()).sendRequest(request);
    return { status: response.status, body: jsonOf(response.bodyAsText) };
  } catch (cause) {
    const why = signal.aborted ? 'got no answer in time' : 'failed';
    throw new Error(`${method} ${new URL(url).pathname} at Azure ML ${why}: ${String(cause)}`, { cause });
  }
}

/** `/a/b/c` with every part escaped. */
export function armPath(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('');
}

function jsonOf(text: string | null | undefined): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
