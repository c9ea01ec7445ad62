/** Applies a PATCH of tags: given tags replace or add, null removes, the others stay (JSON merge patch). */
import type { StringMap } from './string-map.ts';

export function patchedTags(
  tags: StringMap,
  patch: Readonly<Record<string, string | null>> | null | undefined,
): StringMap {
  const merged = Object.entries({ ...tags, ...patch });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
}
