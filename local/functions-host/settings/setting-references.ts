/** Resolves references from bindings and host.json to settings: `%NAME%`, connection names, the off switch. */
import type { Settings } from './local-settings.ts';

const REFERENCE = /%([^%\s]+)%/g;

/** Replaces every `%NAME%` in the texts of `value`, at any depth. `missing` is called for each name without a setting. */
export function resolveReferences(value: unknown, settings: Settings, missing: (name: string) => void): unknown {
  if (typeof value === 'string') {
    return value.replace(REFERENCE, (whole, name: string) => {
      const setting = readSetting(settings, name);
      if (setting === undefined) missing(name);
      return setting ?? whole;
    });
  }
  if (Array.isArray(value)) return value.map((item) => resolveReferences(item, settings, missing));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveReferences(item, settings, missing)]),
  );
}

/** The connection string behind a binding's `connection`: tried as given, then with the prefix AzureWebJobs. */
export function readConnection(settings: Settings, name: string): string | undefined {
  return readSetting(settings, name) || readSetting(settings, `AzureWebJobs${name}`) || undefined;
}

/** `AzureWebJobs.<name>.Disabled` set to `true` or `1` (Functions documentation, "Disable functions"). */
export function isDisabled(settings: Settings, functionName: string): boolean {
  const text = readSetting(settings, `AzureWebJobs.${functionName}.Disabled`);
  return text === '1' || text?.toLowerCase() === 'true';
}

/** `:` and `__` mean the same in setting names, and case does not matter. */
export function readSetting(settings: Settings, name: string): string | undefined {
  if (Object.hasOwn(settings, name)) return settings[name];
  const wanted = normalize(name);
  const found = Object.keys(settings).find((key) => normalize(key) === wanted);
  return found === undefined ? undefined : settings[found];
}

function normalize(name: string): string {
  return name.replaceAll('__', ':').toLowerCase();
}
