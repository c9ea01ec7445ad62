/** Subscribes the app's Event Grid functions over ARM, as the deployed infrastructure does. */
import { Agent, request } from 'undici';
import type { DevCertificates } from '../emulator/certificates.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import { type HostSubscription, hostSubscriptions } from './host-subscriptions.ts';
import { DEAD_LETTER_CONTAINER, storageAccountId, topicArmId } from './local-azure.ts';

export interface SubscribeOptions {
  readonly eventGridUrl: string;
  /** ARM id of the workspace. */
  readonly workspaceArmId: string;
  readonly hostUrl: string;
  readonly storageAccountName: string;
  readonly tls: DevCertificates;
  readonly issueToken: TokenIssuer;
}

const TIMEOUT_MS = 40_000;
const POLL_MS = 50;

/** Subscribes the functions that the app has. Resolves when the host has answered every handshake; throws when it refuses one. */
export async function subscribeHost(options: SubscribeOptions): Promise<void> {
  const { value } = await options.issueToken('https://management.azure.com');
  const agent = new Agent({ connect: { ca: options.tls.ca } });
  const headers = { authorization: `Bearer ${value}`, 'content-type': 'application/json' };
  try {
    const all = hostSubscriptions({
      workspace: options.workspaceArmId,
      storage: storageAccountId(options.storageAccountName),
      topic: topicArmId(),
    });
    const present = await functionsOf(options.hostUrl);
    const wanted = all.filter(({ functionName }) => present.has(functionName.toLowerCase()));
    await Promise.all(wanted.map((subscription) => subscribe(subscription, options, { headers, dispatcher: agent })));
  } finally {
    await agent.close();
  }
}

/** Lower-cased names of the functions that the host has loaded. */
async function functionsOf(hostUrl: string): Promise<ReadonlySet<string>> {
  const { statusCode, body } = await request(`${hostUrl}/admin/functions`);
  if (statusCode !== 200) throw new Error(`${hostUrl}/admin/functions was answered with ${statusCode}.`);
  const functions = (await body.json()) as readonly { readonly name: string }[];
  return new Set(functions.map(({ name }) => name.toLowerCase()));
}

async function subscribe(
  subscription: HostSubscription,
  options: SubscribeOptions,
  call: { readonly headers: Record<string, string>; readonly dispatcher: Agent },
): Promise<void> {
  const { eventGridUrl, hostUrl } = options;
  const url = `${eventGridUrl}${subscription.source}/providers/Microsoft.EventGrid/eventSubscriptions/${subscription.name}?api-version=2022-06-15`;
  await send(url, { ...call, method: 'PUT', body: JSON.stringify(bodyOf(subscription, options)) });
  const deadlineMs = Date.now() + TIMEOUT_MS;
  let state = 'Creating';
  while ((state === 'Creating' || state === 'Updating') && Date.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    state = await send(url, { ...call, method: 'GET' });
  }
  if (state === 'Succeeded') return;
  throw new Error(
    `The app did not accept the events ${subscription.name}: the handshake with ${webhookOf(hostUrl, subscription)} failed. ` +
      `Check that it registers an Event Grid function of the name ${subscription.functionName}.`,
  );
}

function webhookOf(hostUrl: string, { functionName }: HostSubscription): string {
  return `${hostUrl}/runtime/webhooks/EventGrid?functionName=${functionName}`;
}

function bodyOf(subscription: HostSubscription, { hostUrl, storageAccountName }: SubscribeOptions): object {
  return {
    properties: {
      destination: {
        endpointType: 'WebHook',
        properties: { endpointUrl: webhookOf(hostUrl, subscription) },
      },
      eventDeliverySchema: subscription.schema,
      filter: subscription.filter,
      deadLetterDestination: {
        endpointType: 'StorageBlob',
        properties: { resourceId: storageAccountId(storageAccountName), blobContainerName: DEAD_LETTER_CONTAINER },
      },
    },
  };
}

/** Returns the provisioning state. */
async function send(url: string, options: Parameters<typeof request>[1]): Promise<string> {
  const { statusCode, body } = await request(url, options);
  const text = await body.text();
  if (statusCode >= 300) throw new Error(`The event subscription was refused with ${statusCode}: ${text}`);
  return (JSON.parse(text) as { properties: { provisioningState: string } }).properties.provisioningState;
}
