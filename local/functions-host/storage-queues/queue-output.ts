/** Sends a function's output to a storage queue, which is made when it does not exist. */
import type { MessageValue } from '../bindings/message-values.ts';
import type { OutputSink } from '../bindings/output-sink.ts';
import { type ConnectionUse, requireConnection, STORAGE_QUEUES } from '../settings/connection.ts';
import type { Settings } from '../settings/local-settings.ts';
import type { MessageEncoding } from '../settings/queues-section.ts';
import { encodeMessage } from './message-text.ts';
import type { QueueBinding } from './queue-binding.ts';
import { isMissingQueue, type QueueClients } from './queue-clients.ts';

export async function createQueueOutput(
  clients: QueueClients,
  settings: Settings,
  encoding: MessageEncoding,
  binding: QueueBinding,
  use: ConnectionUse,
): Promise<OutputSink> {
  const queue = await clients.open(requireConnection(settings, STORAGE_QUEUES, use), binding.queueName, use);
  const send = (text: string) => queue.sendMessage(text);
  return async (messages: readonly MessageValue[]) => {
    for (const message of messages) {
      const text = encodeMessage(encoding, message);
      await send(text).catch(async (error: unknown) => {
        if (!isMissingQueue(error)) throw error;
        await queue.createIfNotExists();
        await send(text);
      });
    }
  };
}
