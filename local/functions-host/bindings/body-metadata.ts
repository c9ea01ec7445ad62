/**
 * Trigger metadata of a message: the host's own entries, and the properties of a JSON body beside them, so that bindings
 * and handlers can use both. A property of the body wins over an entry of the same name, ignoring case
 * (azure-webjobs-sdk, binding data from trigger payloads).
 */
import type { RpcTypedData } from '../seams/invocation.ts';

export type TriggerMetadata = Readonly<Record<string, RpcTypedData>>;

export function withBodyProperties(entries: TriggerMetadata, body: string): TriggerMetadata {
  const properties = readProperties(body);
  const taken = new Set(Object.keys(properties).map((name) => name.toLowerCase()));
  const kept = Object.entries(entries).filter(([name]) => !taken.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...properties };
}

/** A text travels as it is, everything else as JSON. */
export function toTypedData(value: unknown): RpcTypedData {
  return typeof value === 'string' ? { string: value } : { json: JSON.stringify(value ?? null) };
}

/** Top-level properties that are no arrays; none when the body is no JSON object. */
function readProperties(body: string): TriggerMetadata {
  if (!/^\s*\{/.test(body)) return {};
  let parsed: object;
  try {
    parsed = JSON.parse(body);
  } catch {
    return {};
  }
  return Object.fromEntries(
    Object.entries(parsed)
      .filter(([, value]) => !Array.isArray(value))
      .map(([name, value]) => [name, toTypedData(value)]),
  );
}
