/** The Scoring port: direct requests to one deployment with the endpoint's key, which is read once and again after a 401. */
import type { EndpointName } from '../../domain/ids/names.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Scoring, ScoringRefused } from '../../ports/scoring.ts';
import { exchange } from '../calls/exchange.ts';
import { type AzureMlClient, type AzureMlTarget, callSignal } from './azure-ml-client.ts';
import { allowedScoringUrl } from './scoring-address.ts';

const MAX_REPLY_BYTES = 1024 * 1024;

interface Access {
  readonly url: URL;
  readonly key: string;
}

/** `allowedHosts`: see `allowedScoringUrl`. Endpoints must authenticate by key (`authMode: Key`). */
export function createScoring(
  client: AzureMlClient,
  target: AzureMlTarget,
  allowedHosts: readonly string[],
  clock: Clock,
): Scoring {
  const known = new Map<string, Access>();
  const accessOf = async (endpoint: EndpointName) => {
    const access = known.get(endpoint) ?? (await readAccess(client, target, allowedHosts, endpoint));
    known.set(endpoint, access);
    return access;
  };
  return {
    async score(endpoint, deployment, body, timeoutMs) {
      const startedMs = clock.nowMs();
      const send = async () => {
        const { url, key } = await accessOf(endpoint);
        const headers = { authorization: `Bearer ${key}`, 'azureml-model-deployment': deployment };
        return postJson(url, headers, body, timeoutMs);
      };
      const first = await send();
      if (first.status !== 401) return { ...first, durationMs: clock.nowMs() - startedMs };
      known.delete(endpoint);
      const secondStartedMs = clock.nowMs();
      const second = await send();
      return { ...second, durationMs: clock.nowMs() - secondStartedMs };
    },
  };
}

/** Any reply is an answer of the model: a late one counts as status 408, and what is no JSON stays a text. */
async function postJson(url: URL, headers: Readonly<Record<string, string>>, body: unknown, timeoutMs: number) {
  const request = { method: 'POST', url: url.href, headers, body, timeoutMs, maxReplyBytes: MAX_REPLY_BYTES } as const;
  const reply = await exchange(request);
  if (reply.kind === 'late') return { status: 408, body: `No answer within ${timeoutMs} ms.` };
  const { status } = reply;
  if (reply.kind === 'too-large') return { status, body: `The reply is larger than ${MAX_REPLY_BYTES} bytes.` };
  return { status, body: reply.json === undefined ? reply.text : reply.json };
}

async function readAccess(
  client: AzureMlClient,
  { resourceGroup, workspace }: AzureMlTarget,
  allowedHosts: readonly string[],
  name: EndpointName,
): Promise<Access> {
  const options = { abortSignal: callSignal() };
  const { onlineEndpoints } = await client();
  const endpoint = await onlineEndpoints.get(resourceGroup, workspace, name, options);
  const uri = endpoint.properties.scoringUri ?? '';
  const url = allowedScoringUrl(uri, allowedHosts);
  if (!url) {
    throw new ScoringRefused(
      `Endpoint ${name} is served at "${uri}", which this app may not call: only https://*.inference.ml.azure.com and the hosts in SLIPWAY_ALLOWED_HOSTS.`,
    );
  }
  if (endpoint.properties.authMode !== 'Key') {
    throw new ScoringRefused(
      `Endpoint ${name} authenticates by ${endpoint.properties.authMode}; smoke tests need authMode Key.`,
    );
  }
  const keys = await onlineEndpoints.listKeys(resourceGroup, workspace, name, options);
  if (!keys.primaryKey) throw new ScoringRefused(`Azure ML gave no key for endpoint ${name}.`);
  return { url, key: keys.primaryKey };
}
