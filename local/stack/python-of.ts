/** Finds the interpreters of the Python environments that set-up makes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT_FOLDER } from './stack-options.ts';

/** Throws with the remedy when set-up has not made it yet. */
export function pythonOf(environment: 'serving' | 'training' | 'mlflow'): string {
  const path = join(ROOT_FOLDER, '.slipway', 'venv', environment, 'bin', 'python');
  if (existsSync(path)) return path;
  throw new Error(`The Python environment for ${environment} is missing (${path}). Make it with: npm run setup`);
}
