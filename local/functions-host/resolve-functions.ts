/** Turns what the app registered into the functions to serve: enabled, with settings filled into their bindings. */
import type { Binding, FunctionDefinition } from './invocation.ts';
import type { Settings } from './settings/local-settings.ts';
import { isDisabled, resolveReferences } from './settings/setting-references.ts';
import { StartFailure } from './start-failure.ts';
import type { RegisteredFunction } from './worker/function-registry.ts';

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
