/**
 * The EventPublisher port over one Service Bus topic: message id = event id, so that the topic's duplicate detection drops
 * repeats; subject = event type, and the words that subscriptions filter by as application properties.
 */
import { createHash } from 'node:crypto';
import type { TokenCredential } from '@azure/core-auth';
import type { ServiceBusMessage, ServiceBusSender } from '@azure/service-bus';
import type { EventPublisher, OutgoingEvent } from '../../ports/events.ts';
import { onFirstUse } from '../calls/first-use.ts';

/** Either a key (local, or where no identity is to be had) or a namespace that is reached by identity. */
export type ServiceBusConnection =
  | { readonly kind: 'connection-string'; readonly reveal: () => string }
  | { readonly kind: 'namespace'; readonly fullyQualifiedNamespace: string };

export interface BusTopicTarget {
  readonly serviceBus: ServiceBusConnection;
  readonly workspace: string;
}

export const ROLLOUT_EVENTS_TOPIC = 'rollout-events';

/** A broken connection is noticed by the time-out only, so it is short; the activity retries too. */
const RETRIES = { maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3000, timeoutInMs: 5000 };
const CALL_TIMEOUT_MS = 25_000;
/** "Service Bus quotas": longest message id. */
const MAX_MESSAGE_ID = 128;
const FILTERABLE = ['endpoint', 'model', 'version', 'phase', 'from', 'code'] as const;

/** The body is the CloudEvent that Event Grid gets, without its confidential members. Connects at the first event. */
export function createTopicPublisher(target: BusTopicTarget, credential: TokenCredential): EventPublisher {
  const source = `/slipway/${target.workspace}`;
  const open = onFirstUse(() => openSender(target.serviceBus, credential));
  return {
    async publish(event) {
      const sender = await open();
      await sender.sendMessages(messageOf(event, source), { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    },
  };
}

/** Imported at the first use: the client takes long to load, and many apps run without Service Bus. */
async function openSender(connection: ServiceBusConnection, credential: TokenCredential): Promise<ServiceBusSender> {
  const { ServiceBusClient } = await import('@azure/service-bus');
  const options = { retryOptions: RETRIES };
  const client =
    connection.kind === 'namespace'
      ? new ServiceBusClient(connection.fullyQualifiedNamespace, credential, options)
      : new ServiceBusClient(connection.reveal(), options);
  return client.createSender(ROLLOUT_EVENTS_TOPIC);
}

function messageOf({ id, type, subject, timeIso, data }: OutgoingEvent, source: string): ServiceBusMessage {
  return {
    messageId: messageIdOf(id),
    subject: type,
    contentType: 'application/cloudevents+json',
    applicationProperties: propertiesOf(data),
    body: { specversion: '1.0', id, type, source, subject, time: timeIso, datacontenttype: 'application/json', data },
  };
}

function propertiesOf(data: OutgoingEvent['data']): Record<string, string> {
  const texts = FILTERABLE.map((name) => [name, data[name]] as const);
  return Object.fromEntries(
    texts.filter((entry): entry is [(typeof FILTERABLE)[number], string] => !!entry[1] && typeof entry[1] === 'string'),
  );
}

/** Long ids end in a hash, the same one at every repeat. */
function messageIdOf(id: string): string {
  if (id.length <= MAX_MESSAGE_ID) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 32);
  return `${id.slice(0, MAX_MESSAGE_ID - hash.length - 1)}.${hash}`;
}
