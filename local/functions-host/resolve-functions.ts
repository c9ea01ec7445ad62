/** Turns what the app registered into the functions to serve: enabled, with settings filled into their bindings. */
import type { Binding, FunctionDefinition } from './seams/invocation.ts';
import { StartFailure } from './seams/start-failure.ts';
import type { Settings } from './settings/local-settings.ts';
import { isDisabled, resolveReferences } from './settings/setting-references.ts';
import type { RegisteredFunction } from './worker/function-registry.ts';

/** Fails when one of `names` is not registered. Undefined selects all. */
export function selectFunctions(
  registered: readonly RegisteredFunction[],
  names: readonly string[] | undefined,
): readonly RegisteredFunction[] {
  if (!names) return registered;
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const selected = registered.filter(({ metadata }) => wanted.delete(metadata.name.toLowerCase()));
  const [unknown] = wanted;
  if (unknown === undefined) return selected;
  const known = registered.map(({ metadata }) => metadata.name).join(', ');
  throw new StartFailure('no-functions', `The app has no function ${unknown}.`, `It has ${known}.`);
}

export function resolveFunctions(
  registered: readonly RegisteredFunction[],
  settings: Settings,
): readonly FunctionDefinition[] {
  return registered
    .filter(({ metadata }) => !isDisabled(settings, metadata.name))
    .map(({ metadata }) => ({
      name: metadata.name,
      bindings: resolveBindings(metadata.name, metadata.bindings, settings),
      ...(metadata.retryOptions ? { retryOptions: metadata.retryOptions } : {}),
    }));
}

function resolveBindings(functionName: string, bindings: object, settings: Settings): Record<string, Binding> {
  const missing: string[] = [];
  const resolved = resolveReferences(bindings, settings, (name) => missing.push(name));
  if (missing.length > 0) {
    throw new StartFailure(
      'binding',
      `Bindings of function ${functionName} refer to missing settings: ${missing.map((name) => `%${name}%`).join(', ')}.`,
      'Add them to Values in local.settings.json or to the environment.',
    );
  }
  return resolved as Record<string, Binding>;
}
