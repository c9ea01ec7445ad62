/** The custom status after a turn: the new one, the one before when none was set, or why it is refused. */
const MAX_BYTES = 16 * 1024;

export type CustomStatus =
  | { readonly ok: true; readonly text: string | null }
  | { readonly ok: false; readonly message: string };

export function nextCustomStatus(set: unknown, before: string | null): CustomStatus {
  if (set === undefined || set === null) return { ok: true, text: before };
  const text = JSON.stringify(set);
  const bytes = text.length * 2;
  if (bytes <= MAX_BYTES) return { ok: true, text };
  return {
    ok: false,
    message:
      'The UTF-16 size of the JSON-serialized payload must not exceed 16 KB. ' +
      `The current payload size is ${Math.floor(bytes / 1024)} KB.`,
  };
}
