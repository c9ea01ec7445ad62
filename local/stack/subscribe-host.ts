/** Subscribes the app to the workspace's events over ARM, as the deployed infrastructure does. */
import { Agent, request } from 'undici';
import type { DevCertificates } from '../emulator/certificates.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import { DEAD_LETTER_CONTAINER, storageAccountId } from './local-azure.ts';

export interface SubscribeOptions {
  readonly eventGridUrl: string;
  /** ARM id of the workspace. */
  readonly workspaceArmId: string;
  readonly hostUrl: string;
  readonly storageAccountName: string;
  readonly tls: DevCertificates;
  readonly issueToken: TokenIssuer;
}

const SUBSCRIPTION_NAME = 'slipway-models';
const WEBHOOK = '/runtime/webhooks/EventGrid?functionName=onModelRegistered';
const TIMEOUT_MS = 40_000;
const POLL_MS = 50;

/** Resolves when the host has answered the handshake; throws when it refuses. */
export async function subscribeHost(options: SubscribeOptions): Promise<void> {
  const { value } = await options.issueToken('https://management.azure.com');
  const agent = new Agent({ connect: { ca: options.tls.ca } });
  const url = `${options.eventGridUrl}${options.workspaceArmId}/providers/Microsoft.EventGrid/eventSubscriptions/${SUBSCRIPTION_NAME}?api-version=2022-06-15`;
  const headers = { authorization: `Bearer ${value}`, 'content-type': 'application/json' };
  try {
    await call(url, { method: 'PUT', headers, body: JSON.stringify(bodyOf(options)), dispatcher: agent });
    const deadlineMs = Date.now() + TIMEOUT_MS;
    let state = 'Creating';
    while (state === 'Creating' || state === 'Updating') {
      if (Date.now() > deadlineMs) break;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      state = await call(url, { method: 'GET', headers, dispatcher: agent });
    }
    if (state === 'Succeeded') return;
  } finally {
    await agent.close();
  }
  throw new Error(
    `The app did not accept the workspace's events: the handshake with ${options.hostUrl}${WEBHOOK} failed. ` +
      'Check that it registers an Event Grid function of the name onModelRegistered.',
  );
}

function bodyOf({ hostUrl, storageAccountName }: SubscribeOptions): object {
  return {
    properties: {
      destination: { endpointType: 'WebHook', properties: { endpointUrl: `${hostUrl}${WEBHOOK}` } },
      eventDeliverySchema: 'EventGridSchema',
      filter: { includedEventTypes: ['Microsoft.MachineLearningServices.ModelRegistered'] },
      deadLetterDestination: {
        endpointType: 'StorageBlob',
        properties: { resourceId: storageAccountId(storageAccountName), blobContainerName: DEAD_LETTER_CONTAINER },
      },
    },
  };
}

/** Returns the provisioning state. */
async function call(url: string, options: Parameters<typeof request>[1]): Promise<string> {
  const { statusCode, body } = await request(url, options);
  const text = await body.text();
  if (statusCode >= 300) throw new Error(`The event subscription was refused with ${statusCode}: ${text}`);
  return (JSON.parse(text) as { properties: { provisioningState: string } }).properties.provisioningState;
}
