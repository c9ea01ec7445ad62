/** Makes the invocation for one Service Bus message, or for a batch of them. */
import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { withBodyProperties } from '../bindings/body-metadata.ts';
import type { InvocationRequest, RpcTypedData } from '../seams/invocation.ts';
import { batchMetadata, messageMetadata } from './message-metadata.ts';

export interface BodyForm {
  /** The binding asks for bytes (`dataType: binary`). */
  readonly isBinary: boolean;
}

export function toMessageInvocation(
  functionName: string,
  message: ServiceBusReceivedMessage,
  { isBinary }: BodyForm,
): InvocationRequest {
  const entries = messageMetadata(message);
  if (isBinary) return { functionName, trigger: { bytes: bodyBytes(message) }, triggerMetadata: entries };
  const text = bodyText(message);
  return { functionName, trigger: { string: text }, triggerMetadata: withBodyProperties(entries, text) };
}

export function toBatchInvocation(
  functionName: string,
  messages: readonly ServiceBusReceivedMessage[],
  { isBinary }: BodyForm,
): InvocationRequest {
  const trigger: RpcTypedData = isBinary
    ? { collectionBytes: { bytes: messages.map(bodyBytes) } }
    : { collectionString: { string: messages.map(bodyText) } };
  return { functionName, trigger, triggerMetadata: batchMetadata(messages) };
}

function bodyBytes(message: ServiceBusReceivedMessage): Buffer {
  return Buffer.isBuffer(message.body) ? message.body : Buffer.from(bodyText(message));
}

/** Data sections come as bytes; a body in a value section comes as the value itself. */
function bodyText({ body }: ServiceBusReceivedMessage): string {
  if (Buffer.isBuffer(body)) return body.toString('utf8');
  return typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
}
