/** Tags and properties: bounded maps of strings, and the filters over them. */
import { z } from 'zod';

export type StringMap = Readonly<Record<string, string>>;

const MAX_ENTRIES = 200;

/** Absent and null read as empty. */
export const stringMapSchema = z
  .record(z.string().max(512), z.string().max(32_768))
  .refine((map) => Object.keys(map).length <= MAX_ENTRIES, `holds more than ${MAX_ENTRIES} entries`)
  .nullish()
  .transform((map): StringMap => map ?? {});

/** True when `map` holds every item of a filter such as `stage,owner=ops` (names, or names with values). */
export function matchesFilter(map: StringMap, filter: string | undefined): boolean {
  if (!filter) return true;
  return filter.split(',').every((item) => {
    const at = item.indexOf('=');
    return at < 0 ? Object.hasOwn(map, item.trim()) : map[item.slice(0, at).trim()] === item.slice(at + 1).trim();
  });
}
