/** Ends the delivery of a queue message: deleted on success, shown again on failure, set aside after the last failure. */
import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { HostLog } from '../seams/host-log.ts';
import type { QueuesSection } from '../settings/queues-section.ts';

export interface SettlementParts {
  readonly queue: Pick<QueueClient, 'name' | 'deleteMessage' | 'updateMessage'>;
  readonly poison: Pick<QueueClient, 'name' | 'createIfNotExists' | 'sendMessage'>;
  readonly section: QueuesSection;
  readonly log: HostLog;
}

/** A message that came more often than it may, for example because the host died each time, is not run again. */
export function isWornOut(section: QueuesSection, message: DequeuedMessageItem): boolean {
  return message.dequeueCount > section.maxDequeueCount;
}

export async function settleSuccess(
  parts: SettlementParts,
  message: DequeuedMessageItem,
  receipt: string,
): Promise<void> {
  await parts.queue.deleteMessage(message.messageId, receipt);
}

/** The copy in the poison queue is written before the message is deleted: it may be there twice, but is never lost. */
export async function settleFailure(
  { queue, poison, section, log }: SettlementParts,
  message: DequeuedMessageItem,
  receipt: string,
): Promise<void> {
  if (message.dequeueCount < section.maxDequeueCount) {
    await queue.updateMessage(message.messageId, receipt, undefined, Math.floor(section.visibilityTimeoutMs / 1000));
    return;
  }
  await poison.createIfNotExists();
  await poison.sendMessage(message.messageText, { messageTimeToLive: NEVER_EXPIRES });
  await queue.deleteMessage(message.messageId, receipt);
  const count = section.maxDequeueCount;
  log('warning', `Message has reached MaxDequeueCount of ${count}. Moving message to queue '${poison.name}'.`);
}

const NEVER_EXPIRES = -1;
