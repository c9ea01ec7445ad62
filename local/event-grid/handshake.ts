/**
 * Proves that a webhook wants the events of a subscription before any is sent.
 *
 * Sources: Azure Event Grid documentation, "WebHook event delivery" and "Endpoint validation with CloudEvents schema";
 * CloudEvents, "HTTP 1.1 Web Hooks for Event Delivery", section 4.
 */
import { randomUUID } from 'node:crypto';
import { type Clock, sleep } from '../emulator/clock.ts';
import type { HandshakeOutcome, Subscription } from './subscription.ts';
import type { WebhookAnswer, WebhookClient, WebhookRequest } from './webhook-client.ts';

export interface HandshakeTools {
  readonly clock: Clock;
  readonly client: WebhookClient;
}

const TIMEOUT_RETRY_MS = 5000;
const MAX_TRIES = 3;
const ORIGIN = 'eventgrid.azure.net';

/** A webhook that does not answer in time is asked again after 5 s, three times in all. */
export async function performHandshake(
  subscription: Subscription,
  validationUrl: string,
  { clock, client }: HandshakeTools,
): Promise<HandshakeOutcome> {
  const cloudEvents = subscription.properties.eventDeliverySchema === 'CloudEventSchemaV1_0';
  for (let tries = 1; ; tries += 1) {
    const request = cloudEvents
      ? cloudEventsRequest(subscription, validationUrl)
      : eventGridRequest(subscription, validationUrl, clock.nowMs());
    const answer = await client.send(request);
    if (answer.outcome === 'TimedOut' && answer.status === undefined && tries < MAX_TRIES) {
      await sleep(clock, TIMEOUT_RETRY_MS);
      continue;
    }
    return cloudEvents ? judgeCloudEvents(answer) : judgeEventGrid(answer, subscription.validationCode);
  }
}

function eventGridRequest(subscription: Subscription, validationUrl: string, nowMs: number): WebhookRequest {
  const event = {
    id: randomUUID(),
    topic: subscription.scope,
    subject: '',
    data: { validationCode: subscription.validationCode, validationUrl },
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    eventTime: new Date(nowMs).toISOString(),
    metadataVersion: '1',
    dataVersion: '1',
  };
  return {
    method: 'POST',
    url: subscription.properties.destination.properties.endpointUrl,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'aeg-event-type': 'SubscriptionValidation',
      'aeg-subscription-name': subscription.name.toUpperCase(),
      'aeg-delivery-count': '0',
      'aeg-data-version': '1',
      'aeg-metadata-version': '1',
    },
    body: JSON.stringify([event]),
  };
}

function cloudEventsRequest(subscription: Subscription, validationUrl: string): WebhookRequest {
  return {
    method: 'OPTIONS',
    url: subscription.properties.destination.properties.endpointUrl,
    headers: { 'webhook-request-origin': ORIGIN, 'webhook-request-callback': validationUrl },
  };
}

function judgeEventGrid(answer: WebhookAnswer, validationCode: string): HandshakeOutcome {
  if (answer.status !== 200) return 'Failed';
  return validationResponseOf(answer.body) === validationCode ? 'Succeeded' : 'AwaitingManualAction';
}

function validationResponseOf(body: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const entry = Object.entries(parsed).find(([key]) => key.toLowerCase() === 'validationresponse');
    return entry?.[1];
  } catch {
    return undefined;
  }
}

/** Consent is a header, whatever the status says; without it the callback may still give it. */
function judgeCloudEvents(answer: WebhookAnswer): HandshakeOutcome {
  const allowed = [answer.headers['webhook-allowed-origin'] ?? []].flat().map((origin) => origin.trim().toLowerCase());
  if (allowed.includes('*') || allowed.includes(ORIGIN)) return 'Succeeded';
  return answer.status === undefined || answer.status >= 400 ? 'Failed' : 'AwaitingManualAction';
}
