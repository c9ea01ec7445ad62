/** The Scoring port: direct requests to one deployment with the endpoint's key, which is read once and again after a 401. */
import type { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import type { EndpointName } from '../../domain/ids/names.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Scoring, ScoringRefused } from '../../ports/scoring.ts';
import { type AzureMlTarget, callSignal } from './azure-ml-client.ts';
import { postJson } from './bounded-post.ts';
import { allowedScoringUrl } from './scoring-address.ts';

interface Access {
  readonly url: URL;
  readonly key: string;
}

/** `allowedHosts`: see `allowedScoringUrl`. Endpoints must authenticate by key (`authMode: Key`). */
export function createScoring(
  client: AzureMachineLearningWorkspaces,
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

async function readAccess(
  client: AzureMachineLearningWorkspaces,
  { resourceGroup, workspace }: AzureMlTarget,
  allowedHosts: readonly string[],
  name: EndpointName,
): Promise<Access> {
  const options = { abortSignal: callSignal() };
  const endpoint = await client.onlineEndpoints.get(resourceGroup, workspace, name, options);
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
  const keys = await client.onlineEndpoints.listKeys(resourceGroup, workspace, name, options);
  if (!keys.primaryKey) throw new ScoringRefused(`Azure ML gave no key for endpoint ${name}.`);
  return { url, key: keys.primaryKey };
}
