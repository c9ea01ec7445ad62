/** Finds the files that `main` of the app's package.json names; `main` is a glob below the app folder. */
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { messageOf, StartFailure } from '../seams/start-failure.ts';
import { isAbsent, readJsonFile } from '../settings/json-file.ts';

const packageSchema = z.looseObject({ main: z.string().min(1).default('index.js'), type: z.string().optional() });

export interface EntryFiles {
  /** Absolute paths in the order of loading. */
  readonly files: readonly string[];
  /** True when `.js` files of this app are ES modules. */
  readonly isModulePackage: boolean;
}

export function findEntryFiles(scriptRoot: string): EntryFiles {
  const { main, type } = readPackage(join(scriptRoot, 'package.json'));
  const matches = globSync(main, { cwd: scriptRoot }).sort();
  if (matches.length === 0) {
    const what = `No file below ${scriptRoot} matches "main": "${main}" of its package.json.`;
    throw new StartFailure('app-entry', what, 'Build the app first, or correct "main".');
  }
  return { files: matches.map((file) => resolve(scriptRoot, file)), isModulePackage: type === 'module' };
}

function readPackage(path: string): z.infer<typeof packageSchema> {
  try {
    return packageSchema.parse(readJsonFile(path));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    const what = isAbsent(cause) ? `There is no ${path}.` : `${path} cannot be read: ${reason}.`;
    throw new StartFailure('app-entry', what, 'It must name the app\'s entry file or a glob of them as "main".', {
      cause,
    });
  }
}
