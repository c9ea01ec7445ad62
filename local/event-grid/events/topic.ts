/** A custom topic of the local Event Grid: its names, its keys and the one schema that it takes events in. */
import { createHmac, randomBytes } from 'node:crypto';
import { sameSecret } from '../../emulator/same-secret.ts';
import type { EventSchema } from './grid-event.ts';

export interface TopicOptions {
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** Azure's own default is EventGridSchema. */
  readonly inputSchema: EventSchema;
}

export interface Topic extends TopicOptions {
  /** ARM id, the scope of its event subscriptions. */
  readonly id: string;
  /** Base64 secrets, either is accepted. */
  readonly keys: readonly [string, string];
}

export function createTopic(options: TopicOptions): Topic {
  const { name, subscriptionId, resourceGroup } = options;
  const key = () => randomBytes(32).toString('base64');
  return {
    ...options,
    id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.EventGrid/topics/${name}`,
    keys: [key(), key()],
  };
}

/** Path of the topic's publish endpoint on the emulator. */
export function publishPath(topicName: string): string {
  return `/topics/${topicName}/api/events`;
}

/**
 * Checks a shared access signature `r=<endpoint>&e=<UTC time>&s=<HMAC-SHA256>`; returns why it is refused.
 * Source: Azure Event Grid documentation, "Authenticate publishing clients", and \@azure/eventgrid 5.12.0.
 */
export function sasTokenProblem(token: string, topic: Topic, nowMs: number): string | undefined {
  const [, signed, ...encoded] = /^(r=([^&]*)&e=([^&]*))&s=([^&]*)$/.exec(token) ?? [];
  const [resource, expiry, signature] = encoded.map(decode);
  if (signed === undefined) return 'The aeg-sas-token is not of the form r=..&e=..&s=..';
  if (!topic.keys.some((key) => sameSecret(signature, hmac(key, signed)))) {
    return 'The signature of the aeg-sas-token is wrong.';
  }
  if (!names(resource ?? '', topic)) return 'The aeg-sas-token is for another endpoint.';
  return Date.parse(`${expiry} UTC`) > nowMs ? undefined : 'The aeg-sas-token has expired.';
}

/** Percent-encoding that is broken decodes to nothing, which matches nothing. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function hmac(base64Key: string, text: string): string {
  return createHmac('sha256', Buffer.from(base64Key, 'base64')).update(text).digest('base64');
}

function names(resource: string, topic: Topic): boolean {
  const url = URL.parse(resource);
  return url !== null && url.pathname.toLowerCase() === publishPath(topic.name).toLowerCase();
}
