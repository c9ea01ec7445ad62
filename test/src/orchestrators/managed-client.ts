/** The Durable client's methods that the app uses, over a host in the same process: no sockets, so virtual time stays exact. */
import type { DurableClient, DurableOrchestrationStatus, EntityId } from 'durable-functions';
import type { LocalDurableHost } from '../../../local/functions-host/durable/create-durable-host.ts';

export function createManagedClient(host: LocalDurableHost): DurableClient {
  const send = async (method: string, path: string, body?: unknown) => {
    const [route = '', query = ''] = path.split('?');
    const answer = await host.manage({
      method,
      path: route,
      query: new URLSearchParams(query),
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(body)),
      publicBaseUrl: 'http://localhost/runtime/webhooks/durabletask',
    });
    return { status: answer.status, json: answer.body === '' ? null : JSON.parse(answer.body) };
  };
  const client = {
    async getStatus(id: string) {
      const { status, json } = await send('GET', `instances/${id}`);
      if (status === 404) throw new Error(`HTTP 404: No instance with ID '${id}' found.`);
      return toStatus(json);
    },
    async getStatusBy() {
      return ((await send('GET', 'instances')).json as object[]).map(toStatus);
    },
    async startNew(name: string, options: { instanceId: string; input: unknown }) {
      const { status, json } = await send('POST', `orchestrators/${name}/${options.instanceId}`, options.input);
      if (status !== 202) throw new Error(`The start failed with ${status}: ${JSON.stringify(json)}`);
      return options.instanceId;
    },
    async raiseEvent(id: string, name: string, data: unknown) {
      await send('POST', `instances/${id}/raiseEvent/${name}`, data);
    },
    async readEntityState(entity: EntityId) {
      const { status, json } = await send('GET', `entities/${entity.name}/${entity.key}`);
      return status === 404 ? { entityExists: false } : { entityExists: true, entityState: json };
    },
    async signalEntity(entity: EntityId, operation: string, input: unknown) {
      const { status } = await send('POST', `entities/${entity.name}/${entity.key}?op=${operation}`, input);
      if (status !== 202) throw new Error(`The signal failed with ${status}.`);
    },
    async terminate(id: string, reason: string) {
      await send('POST', `instances/${id}/terminate?reason=${encodeURIComponent(reason)}`);
    },
  };
  return client as unknown as DurableClient;
}

function toStatus(json: object): DurableOrchestrationStatus {
  const read = json as Record<string, string>;
  return { ...read, createdTime: new Date(read.createdTime ?? 0) } as unknown as DurableOrchestrationStatus;
}
