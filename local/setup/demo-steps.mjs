/** Trains the demo's models and cuts its rows, each once per content of its inputs. */
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hashInputs, isCurrent, writeStamp } from './content-stamp.mjs';
import { demoModels, demoRows, FIRST_STORY } from './demo-data.mjs';
import { pythonOf, scenarioFolder, slipwayFolder } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { TRAINING } from './virtual-environment.mjs';

const codeFolder = join(scenarioFolder, 'code');
const requirementsPath = join(scenarioFolder, 'training-requirements.txt');

/** Estimates are of two cores: boosted trees take four seconds, the forest nine, rows one. */
const MODEL_SECONDS = { boosting: 4, forest: 9 };
const MODEL_MEGABYTES = 2;

export function firstStorySteps(python) {
  return [
    ...demoModels.filter(({ name }) => FIRST_STORY.models.includes(name)).map((model) => modelStep(model, python)),
    ...demoRows.filter(({ name }) => FIRST_STORY.rows.includes(name)).map((rows) => rowsStep(rows, python)),
  ];
}

export function demoSteps(python) {
  return [...demoModels.map((model) => modelStep(model, python)), ...demoRows.map((rows) => rowsStep(rows, python))];
}

/** Leaves `.slipway/models/<name>` with model/, code/ (the scoring code of this model) and metrics.json. */
function modelStep({ name, from, to, estimator, variant }, python) {
  const folder = join(slipwayFolder, 'models', name);
  const unfinished = `${folder}.unfinished`;
  const overlay = variant ? [join(scenarioFolder, 'variants', variant)] : [];
  const args = ['--train-from', from, '--train-to', to, '--model', estimator];
  const digest = () => hashInputs([python.version, ...args], [codeFolder, requirementsPath, ...overlay]);
  return {
    name: `model ${name} (${estimator}, ${from} to ${to})`,
    needs: [TRAINING],
    expect: { seconds: MODEL_SECONDS[estimator], megabytes: MODEL_MEGABYTES },
    isDone: async () => isCurrent(join(folder, 'slipway-stamp'), await digest()),
    run: async () => {
      await rm(unfinished, { recursive: true, force: true });
      await runPython(`train-${name}`, 'train.py', [...args, '--output', unfinished]);
      for (const source of [codeFolder, ...overlay]) await copyCode(source, join(unfinished, 'code'));
      await writeStamp(join(unfinished, 'slipway-stamp'), await digest());
      await rm(folder, { recursive: true, force: true });
      await rename(unfinished, folder);
    },
  };
}

/** Leaves `.slipway/data/<name>.jsonl`. */
function rowsStep({ name, from, to, shape, count, seed }, python) {
  const folder = join(slipwayFolder, 'data');
  const stampPath = join(folder, `${name}.slipway-stamp`);
  const args = ['--from', from, '--to', to, '--shape', shape, '--count', String(count), '--seed', String(seed)];
  const digest = () => hashInputs([python.version, ...args], [codeFolder, requirementsPath]);
  return {
    name: `rows ${name} (${shape}, ${from} to ${to})`,
    needs: [TRAINING],
    expect: { seconds: 1, megabytes: 1 },
    isDone: async () => isCurrent(stampPath, await digest()),
    run: async () => {
      await mkdir(folder, { recursive: true });
      await runPython(`data-${name}`, 'load_data.py', [...args, '--output', join(folder, `${name}.jsonl`)]);
      await writeStamp(stampPath, await digest());
    },
  };
}

/** One thread each: two steps run at once, and OpenMP's threads that wait for each other on a busy machine take minutes. */
function runPython(name, script, args) {
  const env = { PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0', OMP_NUM_THREADS: '1' };
  return runCommand({ name, command: pythonOf('training'), args: [join(codeFolder, script), ...args], env });
}

function copyCode(source, target) {
  return cp(source, target, { recursive: true, filter: (path) => !path.includes('__pycache__') });
}
