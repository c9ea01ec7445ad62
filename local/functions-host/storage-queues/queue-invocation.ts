/** Makes the invocation for one queue message. */
import type { DequeuedMessageItem } from '@azure/storage-queue';
import { withBodyProperties } from '../bindings/body-metadata.ts';
import type { InvocationRequest } from '../seams/invocation.ts';

/** `text` is the decoded message. */
export function toQueueInvocation(
  functionName: string,
  text: string,
  message: DequeuedMessageItem,
): InvocationRequest & { readonly triggerMetadata: Readonly<Record<string, object>> } {
  const entries = {
    QueueTrigger: { string: text },
    DequeueCount: { json: String(message.dequeueCount) },
    Id: { string: message.messageId },
    PopReceipt: { string: message.popReceipt },
    ExpirationTime: { json: toTime(message.expiresOn) },
    InsertionTime: { json: toTime(message.insertedOn) },
    NextVisibleTime: { json: toTime(message.nextVisibleOn) },
  };
  return { functionName, trigger: { string: text }, triggerMetadata: withBodyProperties(entries, text) };
}

/** Queue storage keeps whole seconds; .NET writes an offset, not `Z`. */
function toTime(date: Date): string {
  return JSON.stringify(date.toISOString().replace(/\.\d{3}Z$/, '+00:00'));
}
