/**
 * The EventPublisher port over one Service Bus topic: message id = event id, so that the topic's duplicate detection drops
 * repeats; subject = event type, and the words that subscriptions filter by as application properties.
 */
import { createHash } from 'node:crypto';
import type { TokenCredential } from '@azure/core-auth';
import type { ServiceBusMessage } from '@azure/service-bus';
import type { EventPublisher, OutgoingEvent } from '../../ports/events.ts';
import { onFirstUse } from '../calls/first-use.ts';
import type { ServiceBusConnection } from './open-sender.ts';

export interface BusTopicTarget {
  readonly serviceBus: ServiceBusConnection;
  readonly workspace: string;
}

export const ROLLOUT_EVENTS_TOPIC = 'rollout-events';

const CALL_TIMEOUT_MS = 25_000;
/** "Service Bus quotas": longest message id. */
const MAX_MESSAGE_ID = 128;
const FILTERABLE = ['endpoint', 'model', 'version', 'phase', 'from', 'code'] as const;

/** The body is the CloudEvent that Event Grid gets, without its confidential members. Connects at the first event. */
export function createTopicPublisher(target: BusTopicTarget, credential: TokenCredential): EventPublisher {
  const source = `/slipway/${target.workspace}`;
  const open = onFirstUse(async () => {
    const { openSender } = await import('./open-sender.ts');
    return openSender(target.serviceBus, ROLLOUT_EVENTS_TOPIC, credential);
  });
  return {
    async publish(event) {
      const sender = await open();
      await sender.sendMessages(messageOf(event, source), { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    },
  };
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
