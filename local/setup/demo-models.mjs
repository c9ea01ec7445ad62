/** Trains the demo's model versions and cuts the data that it replays and retrains on, each once per content of its inputs. */
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hashInputs, isCurrent, writeStamp } from './content-stamp.mjs';
import { datasets, demoVersions, replay } from './demo-versions.mjs';
import { pythonOf, scenarioFolder, slipwayFolder } from './paths.mjs';
import { runCommand } from './run-command.mjs';

const codeFolder = join(scenarioFolder, 'code');
const requirementsPath = join(scenarioFolder, 'training-requirements.txt');

export function demoModelSteps(python) {
  const data = [{ name: 'replay', shape: 'replay', ...replay }, ...datasets];
  return [...demoVersions.map((version) => modelStep(version, python)), ...data.map((set) => dataStep(set, python))];
}

/** Leaves `.slipway/models/<version>` with model/, code/ (the scoring code of this version) and metrics.json. */
function modelStep({ version, trainFrom, trainTo, model, variant }, python) {
  const folder = join(slipwayFolder, 'models', version);
  const unfinished = `${folder}.unfinished`;
  const overlay = variant ? [join(scenarioFolder, 'variants', variant)] : [];
  const args = ['--train-from', trainFrom, '--train-to', trainTo, '--model', model];
  const digest = () => hashInputs([python.version, ...args], [codeFolder, requirementsPath, ...overlay]);
  return {
    name: `model ${version} (${model}, ${trainFrom} to ${trainTo}${variant ? `, ${variant}` : ''})`,
    isDone: async () => isCurrent(join(folder, 'slipway-stamp'), await digest()),
    run: async () => {
      await rm(unfinished, { recursive: true, force: true });
      await runPython(`train-${version}`, 'train.py', [...args, '--output', unfinished]);
      for (const source of [codeFolder, ...overlay]) await copyCode(source, join(unfinished, 'code'));
      await writeStamp(join(unfinished, 'slipway-stamp'), await digest());
      await rm(folder, { recursive: true, force: true });
      await rename(unfinished, folder);
    },
  };
}

/** Leaves `.slipway/data/<name>.jsonl`. */
function dataStep({ name, from, to, shape, count, seed }, python) {
  const folder = join(slipwayFolder, 'data');
  const stampPath = join(folder, `${name}.slipway-stamp`);
  const args = ['--from', from, '--to', to, '--shape', shape, '--count', String(count), '--seed', String(seed)];
  const digest = () => hashInputs([python.version, ...args], [codeFolder, requirementsPath]);
  return {
    name: `rows ${name} (${shape}, ${from} to ${to})`,
    isDone: async () => isCurrent(stampPath, await digest()),
    run: async () => {
      await mkdir(folder, { recursive: true });
      await runPython(`data-${name}`, 'load_data.py', [...args, '--output', join(folder, `${name}.jsonl`)]);
      await writeStamp(stampPath, await digest());
    },
  };
}

function runPython(name, script, args) {
  const env = { PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0' };
  return runCommand({ name, command: pythonOf('training'), args: [join(codeFolder, script), ...args], env });
}

function copyCode(source, target) {
  return cp(source, target, { recursive: true, filter: (path) => !path.includes('__pycache__') });
}
