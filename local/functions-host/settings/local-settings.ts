/** Reads `local.settings.json`; the process environment wins over the file, as in Functions Core Tools. */
import { z } from 'zod';
import { messageOf, StartFailure } from '../seams/start-failure.ts';
import { isAbsent, readJsonFile } from './json-file.ts';

export type Settings = Readonly<Record<string, string>>;

const fileSchema = z.looseObject({
  IsEncrypted: z.boolean().optional(),
  Values: z.record(z.string(), z.string()).default({}),
  Host: z.looseObject({ LocalHttpPort: z.int().min(0).max(65_535).optional() }).default({}),
});

export interface LocalSettings {
  readonly values: Settings;
  /** `Host.LocalHttpPort`: the port to use when none is given. */
  readonly localHttpPort: number | undefined;
}

const EMPTY: LocalSettings = { values: {}, localHttpPort: undefined };

/** An absent file is an empty one unless it was asked for by name (`required`). */
export function readLocalSettings(path: string, required: boolean): LocalSettings {
  let content: unknown;
  try {
    content = readJsonFile(path);
  } catch (cause) {
    if (isAbsent(cause) && !required) return EMPTY;
    const what = isAbsent(cause) ? 'does not exist' : `cannot be read: ${messageOf(cause)}`;
    throw new StartFailure('local-settings', `The settings file ${path} ${what}.`, REMEDY, { cause });
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    const problems = z.prettifyError(parsed.error);
    throw new StartFailure('local-settings', `The settings file ${path} is not valid:\n${problems}\n`, REMEDY);
  }
  if (parsed.data.IsEncrypted) {
    const decrypt = 'Run `func settings decrypt` in the app folder.';
    throw new StartFailure('local-settings', `The settings file ${path} is encrypted.`, decrypt);
  }
  return { values: parsed.data.Values, localHttpPort: parsed.data.Host.LocalHttpPort };
}

const REMEDY = 'Write it as {"IsEncrypted": false, "Values": {"NAME": "text", ...}}; every value is a text.';

/** All settings of the app: the file's values, overridden and completed by the environment. */
export function mergeSettings(values: Settings, environment: NodeJS.ProcessEnv): Settings {
  const merged: Record<string, string> = { ...values };
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) merged[name] = value;
  return merged;
}
