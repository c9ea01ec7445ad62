/** Azure Resource Manager reduced to a shelf of documents: keeps what is PUT, says what was asked, in every api-version. */
import type { DevCertificates } from '../../../../local/emulator/certificates.ts';
import { systemClock } from '../../../../local/emulator/clock.ts';
import { type RunningEmulator, startEmulator } from '../../../../local/emulator/server.ts';

export const TARGET = { subscriptionId: '11111111-1111-1111-1111-111111111111', resourceGroup: 'rg', workspace: 'ws' };
export const WORKSPACE_ID = `/subscriptions/${TARGET.subscriptionId}/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws`;

export interface CapturedRequest {
  readonly method: string;
  /** Below the workspace, without the query. */
  readonly path: string;
  readonly apiVersion: string;
  readonly authorization: string;
  readonly body: unknown;
}

export interface CapturedArm {
  readonly emulator: RunningEmulator;
  readonly requests: CapturedRequest[];
  /** Documents by path below the workspace; the empty path is the workspace itself. */
  readonly documents: Map<string, unknown>;
  stop(): Promise<void>;
}

export async function startCapturedArm(tls: DevCertificates): Promise<CapturedArm> {
  const requests: CapturedRequest[] = [];
  const documents = new Map<string, unknown>();
  const emulator = await startEmulator({
    name: 'captured-arm',
    port: 0,
    clock: systemClock,
    tls,
    register(app) {
      app.all('/*', async (request, reply) => {
        const url = new URL(request.url, 'https://localhost');
        const path = decodeURIComponent(url.pathname).slice(WORKSPACE_ID.length);
        const apiVersion = url.searchParams.get('api-version') ?? '';
        const authorization = request.headers.authorization ?? '';
        requests.push({ method: request.method, path, apiVersion, authorization, body: request.body ?? null });
        if (request.method === 'PUT') documents.set(path, request.body);
        if (request.method === 'POST') return reply.code(202).send();
        const document = documents.get(path);
        if (document !== undefined) return document;
        return reply.code(404).send({ error: { code: 'NotFound', message: `${path} does not exist.` } });
      });
    },
  });
  return { emulator, requests, documents, stop: () => emulator.stop() };
}
