/**
 * Sends a function's output to a Service Bus queue or topic, one message after another. Texts are sent as `text/plain`,
 * bytes as `application/octet-stream` (azure-sdk-for-net, Service Bus extension, message converters).
 */
import type { MessageValue } from '../bindings/message-values.ts';
import type { OutputSink } from '../bindings/output-sink.ts';
import { type ConnectionUse, requireConnection, SERVICE_BUS } from '../settings/connection.ts';
import type { Settings } from '../settings/local-settings.ts';
import type { EntityOutput } from './entity-binding.ts';
import type { NamespaceClients } from './namespace-clients.ts';

export async function createServiceBusOutput(
  clients: NamespaceClients,
  settings: Settings,
  { entity, isBinary }: EntityOutput,
  use: ConnectionUse,
): Promise<OutputSink> {
  const client = await clients.open(requireConnection(settings, SERVICE_BUS, use), use);
  const sender = client.createSender(entity);
  return async (messages) => {
    for (const message of messages) await sender.sendMessages(toMessage(message, isBinary));
  };
}

/** A Buffer is sent as it is; anything else the client would wrap in JSON. */
function toMessage(value: MessageValue, isBinary: boolean) {
  const isText = typeof value === 'string' && !isBinary;
  return {
    body: Buffer.from(value as Uint8Array),
    contentType: isText ? 'text/plain' : 'application/octet-stream',
  };
}
