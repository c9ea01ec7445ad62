/** Where set-up keeps what it makes: everything under `.slipway`, which git ignores. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root folder. */
export const rootFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const slipwayFolder = join(rootFolder, '.slipway');
export const scenarioFolder = join(rootFolder, 'examples', 'flights');
export const logFolder = join(slipwayFolder, 'logs');

/** The interpreter of the virtual environment `name` (`serving`, `training` or `mlflow`). */
export function pythonOf(name) {
  return join(slipwayFolder, 'venv', name, 'bin', 'python');
}
