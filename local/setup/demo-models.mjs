/** Trains the demo's model versions and cuts the rows to replay, each once per content of its inputs. */
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hashInputs, isCurrent, writeStamp } from './content-stamp.mjs';
import { demoVersions, replay } from './demo-versions.mjs';
import { pythonOf, scenarioFolder, slipwayFolder } from './paths.mjs';
import { runCommand } from './run-command.mjs';

const codeFolder = join(scenarioFolder, 'code');
const requirementsPath = join(scenarioFolder, 'training-requirements.txt');

export function demoModelSteps(python) {
  return [...demoVersions.map((version) => modelStep(version, python)), replayStep(python)];
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

function replayStep(python) {
  const folder = join(slipwayFolder, 'data');
  const stampPath = join(folder, 'replay.slipway-stamp');
  const { from, to, count, seed } = replay;
  const args = ['--from', from, '--to', to, '--count', String(count), '--seed', String(seed)];
  const digest = () => hashInputs([python.version, ...args], [codeFolder, requirementsPath]);
  return {
    name: `rows to replay (${from} to ${to})`,
    isDone: async () => isCurrent(stampPath, await digest()),
    run: async () => {
      await mkdir(folder, { recursive: true });
      await runPython('replay', 'load_data.py', [...args, '--output', join(folder, 'replay.jsonl')]);
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
