/**
 * The Event Grid webhook of the Functions host: handshake, notification, unsubscribe.
 *
 * 1. Each event of a delivery is one invocation, all at once; a failure of any answers 500, so that Event Grid sends
 *    the whole delivery again.
 * 2. 202 when all succeeded, 404 for an unknown function, 400 for anything that is neither handshake nor notification.
 * (Azure Functions Event Grid extension; Event Grid documentation, "Endpoint validation".)
 */
import { z } from 'zod';
import { findTrigger, takesMany } from '../bindings/find-trigger.ts';
import { type Exchange, emptyReply, jsonReply, type Reply, textReply } from '../http/exchange.ts';
import type { FunctionDefinition, FunctionInvoker, InvocationOutcome } from '../seams/invocation.ts';

export const EVENT_GRID_PATH = '/runtime/webhooks/eventgrid';
/** Event Grid sends at most 1 MB; one batch stays below that too. */
const DELIVERY_LIMIT_BYTES = 4 * 1024 * 1024;

const eventSchema = z.looseObject({ data: z.unknown().optional() });
const deliverySchema = z.union([z.array(eventSchema).min(1).max(5000), eventSchema.transform((event) => [event])]);
type DeliveredEvent = z.infer<typeof eventSchema>;
const validationSchema = z.looseObject({ validationCode: z.string().min(1).max(500) });

export async function answerEventGrid(invoker: FunctionInvoker, exchange: Exchange): Promise<Reply> {
  const name = readQuery(exchange.url.searchParams, 'functionName') ?? '';
  const definition = findEventGridFunction(invoker, name);
  if (!definition) return textReply(404, `cannot find function: '${name}'`);
  if (exchange.method === 'OPTIONS') return consent(exchange);
  switch (exchange.headers['aeg-event-type']?.toLowerCase()) {
    case 'subscriptionvalidation':
      return validate(await readDelivery(exchange));
    case 'notification':
      return notify(invoker, definition, await readDelivery(exchange));
    case 'unsubscribe':
      return emptyReply(202);
    default:
      return emptyReply(400);
  }
}

/** Runs the function once per event (once for all where its binding asks for many). */
export async function deliverEvents(
  invoker: FunctionInvoker,
  definition: FunctionDefinition,
  events: readonly DeliveredEvent[],
): Promise<readonly InvocationOutcome[]> {
  const isMany = takesMany(findTrigger(definition));
  const payloads: readonly (DeliveredEvent | readonly DeliveredEvent[])[] = isMany ? [events] : events;
  return Promise.all(payloads.map((payload) => invoker.invoke(toRequest(definition.name, payload))));
}

/** Reads the text that an on-demand run was given; undefined when it is no event. */
export function parseEvents(text: string): readonly DeliveredEvent[] | undefined {
  try {
    const parsed = deliverySchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function toRequest(functionName: string, payload: DeliveredEvent | readonly DeliveredEvent[]) {
  const trigger = { json: JSON.stringify(payload) };
  if (!('data' in payload) || payload.data === undefined) return { functionName, trigger };
  return { functionName, trigger, triggerMetadata: { data: { json: JSON.stringify(payload.data) } } };
}

function findEventGridFunction(invoker: FunctionInvoker, name: string): FunctionDefinition | undefined {
  return invoker
    .functions()
    .find((one) => one.name.toLowerCase() === name.toLowerCase() && findTrigger(one)?.type === 'eventGridTrigger');
}

/** The CloudEvents handshake: the receiver names the sender that may deliver. */
function consent(exchange: Exchange): Reply {
  const origin = exchange.headers['webhook-request-origin'];
  if (!origin) return textReply(400, 'The header WebHook-Request-Origin is missing.');
  const headers = { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*', allow: 'POST, OPTIONS' };
  return { status: 200, headers, body: '' };
}

async function readDelivery(exchange: Exchange): Promise<readonly DeliveredEvent[] | undefined> {
  return parseEvents(Buffer.from(await exchange.readBody(DELIVERY_LIMIT_BYTES)).toString('utf8'));
}

function validate(events: readonly DeliveredEvent[] | undefined): Reply {
  const data = events?.[0]?.data;
  const parsed = validationSchema.safeParse(typeof data === 'string' ? parseText(data) : data);
  if (!parsed.success) return textReply(400, 'The validation event has no data.validationCode.');
  return jsonReply(200, { validationResponse: parsed.data.validationCode });
}

/** A CloudEvent carries the validation data as JSON text. */
function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function notify(
  invoker: FunctionInvoker,
  definition: FunctionDefinition,
  events: readonly DeliveredEvent[] | undefined,
): Promise<Reply> {
  if (!events) return textReply(400, 'The body is neither an event nor an array of events.');
  const outcomes = await deliverEvents(invoker, definition, events);
  const failed = outcomes.find((outcome) => !outcome.ok);
  return failed && !failed.ok ? textReply(500, failed.message) : emptyReply(202);
}

function readQuery(query: URLSearchParams, name: string): string | undefined {
  return [...query].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
