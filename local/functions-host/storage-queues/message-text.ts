/** Encodes and decodes message texts as `extensions.queues.messageEncoding` says. */
import type { MessageValue } from '../bindings/message-values.ts';
import type { MessageEncoding } from '../settings/queues-section.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Undefined when the text is not in the encoding. */
export function decodeMessage(encoding: MessageEncoding, text: string): string | undefined {
  if (encoding === 'none') return text;
  return BASE64.test(text) ? Buffer.from(text, 'base64').toString('utf8') : undefined;
}

export function encodeMessage(encoding: MessageEncoding, value: MessageValue): string {
  const bytes = Buffer.from(value as Uint8Array);
  return bytes.toString(encoding === 'base64' ? 'base64' : 'utf8');
}
