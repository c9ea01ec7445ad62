/**
 * The entry of the package's scripts: sets up what a program needs, then runs it under the Node.js that set-up installed.
 *
 *     node local/setup/run.mjs <goal> [--build] <program> [arguments]
 *
 * 1. The system's own Node.js (20 or newer) runs this file alone. What follows is a child with the installed Node.js,
 *    named by its path: a shell that remembers an older `node` cannot get in between.
 * 2. The child's exit code and signal become this process's own; signals are passed on to it.
 * 3. `<program>` is a JavaScript or TypeScript file, or else a command on the PATH.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { GOALS } from './goals.mjs';
import { rootFolder } from './paths.mjs';
import { reachGoal } from './reach-goal.mjs';
import { SetupError } from './run-command.mjs';

const BIN = join(rootFolder, 'node_modules', '.bin');
const NODE = join(BIN, 'node');
const BUILD = '--build';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

async function main() {
  const [goal = '', ...rest] = process.argv.slice(2);
  const builds = rest[0] === BUILD;
  const [program, ...args] = builds ? rest.slice(1) : rest;
  if (!Object.hasOwn(GOALS, goal) || program === undefined) {
    throw new SetupError(`Usage: run.mjs <${Object.keys(GOALS).join('|')}> [${BUILD}] <program> [arguments]`);
  }
  const { ran, seconds } = await reachGoal(goal, process.stderr);
  if (ran > 0) process.stderr.write(`Set-up is done (${seconds.toFixed(1)} s).\n`);
  const built = builds ? await runToEnd(NODE, ['esbuild.config.mjs']) : 0;
  if (built !== 0) return built;
  return /\.(ts|mjs|js)$/.test(program) ? runToEnd(NODE, [program, ...args]) : runToEnd(program, args);
}

function runToEnd(command, args) {
  const env = { ...process.env, PATH: [BIN, process.env.PATH].filter(Boolean).join(delimiter) };
  const child = spawn(command, args, { cwd: rootFolder, stdio: 'inherit', env });
  const passOn = (signal) => child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new SetupError(`${command} could not be started: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  }).finally(() => {
    for (const signal of SIGNALS) process.removeListener(signal, passOn);
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${error instanceof SetupError ? error.message : (error.stack ?? error)}\n`);
    process.exitCode = 1;
  },
);
