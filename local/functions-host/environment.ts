/** Gives the app its settings as environment variables, and takes them away again when the host stops. */
import type { Settings } from './settings/local-settings.ts';

/** Returns the function that puts the former values back. */
export function applyEnvironment(variables: Settings): () => void {
  const former = new Map<string, string | undefined>();
  for (const [name, value] of Object.entries(variables)) {
    if (process.env[name] === value) continue;
    former.set(name, process.env[name]);
    process.env[name] = value;
  }
  return () => {
    for (const [name, value] of former) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
