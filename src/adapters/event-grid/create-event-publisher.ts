/** The EventPublisher port: CloudEvents to one Event Grid topic, by the app's identity. */
import type { TokenCredential } from '@azure/core-auth';
import type { EventPublisher } from '../../ports/events.ts';
import { onFirstUse } from '../calls/first-use.ts';

export interface EventTopicTarget {
  readonly eventTopicEndpoint: string;
  readonly workspace: string;
}

const CALL_TIMEOUT_MS = 15_000;
const RETRIES = { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 3000 };

/** Events carry `source` `/slipway/<workspace>`. */
export function createEventPublisher(target: EventTopicTarget, credential: TokenCredential): EventPublisher {
  const open = onFirstUse(async () => {
    const { EventGridPublisherClient } = await import('@azure/eventgrid');
    return new EventGridPublisherClient(target.eventTopicEndpoint, 'CloudEvent', credential, { retryOptions: RETRIES });
  });
  const source = `/slipway/${target.workspace}`;
  return {
    async publish({ id, type, subject, timeIso, data, confidential }) {
      const event = { id, type, source, subject, time: new Date(timeIso), data: { ...data, ...confidential } };
      const client = await open();
      await client.send([event], { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    },
  };
}
