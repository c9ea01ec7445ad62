/** Finds the interpreter that scoring processes run with. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT_FOLDER } from './stack-options.ts';

/** Throws with the remedy when set-up has not made it yet. */
export function servingPython(): string {
  const path = join(ROOT_FOLDER, '.slipway', 'venv', 'serving', 'bin', 'python');
  if (existsSync(path)) return path;
  throw new Error(`The Python environment for scoring is missing (${path}). Make it with: npm run setup`);
}
