/** Splits what a function gave to an output binding into messages: an array is one message for each element. */
import type { RpcTypedData } from '../seams/invocation.ts';

export type MessageValue = string | Uint8Array;

/** Empty when the function gave nothing. Objects become JSON texts, texts and bytes stay as they are. */
export function toMessages(data: RpcTypedData | undefined | null): readonly MessageValue[] {
  if (!data) return [];
  if (data.string !== undefined) return [data.string];
  if (data.bytes !== undefined) return [data.bytes];
  const number = data.int ?? data.double;
  if (number !== undefined) return [String(number)];
  if (data.json === undefined) return [];
  const value: unknown = JSON.parse(data.json);
  const items = Array.isArray(value) ? value : [value];
  return items.filter((item) => item !== null).map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
}
