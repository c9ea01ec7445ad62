/** The HTTP request by which an event reaches a webhook (Azure Event Grid documentation, "WebHook event delivery"). */
import { type GridEvent, renderEvent } from './events/grid-event.ts';
import type { Subscription } from './subscription.ts';
import type { WebhookRequest } from './webhook-client.ts';

/** `earlierAttempts` is 0 on the first attempt. Bodies: an array of one in the Event Grid schema, else one object. */
export function deliveryRequest(event: GridEvent, subscription: Subscription, earlierAttempts: number): WebhookRequest {
  const { eventDeliverySchema: schema, destination } = subscription.properties;
  const rendered = renderEvent(event, schema);
  const isEventGrid = schema === 'EventGridSchema';
  return {
    method: 'POST',
    url: destination.properties.endpointUrl,
    headers: {
      'content-type': `application/${isEventGrid ? 'json' : 'cloudevents+json'}; charset=utf-8`,
      'aeg-event-type': 'Notification',
      'aeg-subscription-name': subscription.name.toUpperCase(),
      'aeg-delivery-count': String(earlierAttempts),
      'aeg-metadata-version': isEventGrid ? '1' : '1.0',
      ...(isEventGrid ? { 'aeg-data-version': event.dataVersion } : {}),
    },
    body: JSON.stringify(isEventGrid ? [rendered] : rendered),
  };
}
