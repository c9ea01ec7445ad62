/** Addresses that the host hands out: check-status links and the payload of a client binding. */
import type { DurableOptions } from '../seams/durable-options.ts';

export interface LinkBase {
  /** `http://localhost:7071/runtime/webhooks/durabletask`, without a trailing slash. */
  readonly webhookBaseUrl: string;
  readonly options: Pick<DurableOptions, 'hubName' | 'connectionName'>;
}

/** Local tools do not enforce keys; a stable stand-in keeps the shape of the addresses. */
const KEY = 'local';

export function managementUrls({ webhookBaseUrl, options }: LinkBase, instanceId: string) {
  const instance = `${webhookBaseUrl}/instances/${instanceId}`;
  const query = `taskHub=${options.hubName}&connection=${options.connectionName}&code=${KEY}`;
  return {
    id: instanceId,
    statusQueryGetUri: `${instance}?${query}`,
    sendEventPostUri: `${instance}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${instance}/terminate?reason={text}&${query}`,
    rewindPostUri: `${instance}/rewind?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${instance}?${query}`,
    restartPostUri: `${instance}/restart?${query}`,
    suspendPostUri: `${instance}/suspend?reason={text}&${query}`,
    resumePostUri: `${instance}/resume?reason={text}&${query}`,
  };
}

export function clientPayload(base: LinkBase, rpcBaseUrl: string): string {
  const create = `${base.webhookBaseUrl}/orchestrators/{functionName}[/{instanceId}]`;
  return JSON.stringify({
    taskHubName: base.options.hubName,
    connectionName: null,
    creationUrls: {
      createNewInstancePostUri: `${create}?code=${KEY}`,
      createAndWaitOnNewInstancePostUri: `${create}?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&code=${KEY}`,
    },
    managementUrls: managementUrls(base, 'INSTANCEID'),
    baseUrl: base.webhookBaseUrl,
    requiredQueryStringParameters: `code=${KEY}`,
    // The SDK resolves paths against this address, so its trailing slash matters.
    rpcBaseUrl: `${rpcBaseUrl}/`,
    httpBaseUrl: null,
  });
}
