/** Where set-up makes the Python environments; who starts an interpreter says what to do when it is not there. */
import { join } from 'node:path';
import { ROOT_FOLDER } from './stack-options.ts';

export function pythonOf(environment: 'serving' | 'training' | 'mlflow'): string {
  return join(ROOT_FOLDER, '.slipway', 'venv', environment, 'bin', 'python');
}
