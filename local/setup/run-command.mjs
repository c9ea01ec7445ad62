/** Runs one tool to its end with its output in a log file; a failure shows what that log says. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logFolder, rootFolder } from './paths.mjs';

/** npm says what is wrong at the beginning, pip at the end. */
const SHOWN_LINES_EACH_END = 15;
const running = new Set();

/** @param {{ name: string, command: string, args: string[], cwd?: string, env?: Record<string, string | undefined> }} tool */
export async function runCommand({ name, command, args, cwd = rootFolder, env = {} }) {
  mkdirSync(logFolder, { recursive: true });
  const logPath = join(logFolder, `setup-${name}.log`);
  const log = openSync(logPath, 'w');
  try {
    const ended = await waitForEnd(
      spawn(command, args, { cwd, env: toolEnvironment(env), stdio: ['ignore', log, log] }),
    );
    if (ended !== 0) throw new SetupError(`${name}: \`${command} ${args.join(' ')}\` ended with ${ended}.`, logPath);
  } finally {
    closeSync(log);
  }
}

/** Ends the tools that still run; called when set-up itself is asked to stop. */
export function stopCommands() {
  for (const child of running) child.kill('SIGTERM');
}

/** A failure whose message a person can act on. */
export class SetupError extends Error {
  constructor(message, logPath) {
    super(logPath ? `${message} From ${logPath}:\n${excerpt(logPath)}` : message);
    this.name = 'SetupError';
  }
}

function waitForEnd(child) {
  running.add(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  }).finally(() => running.delete(child));
}

/** Without node_modules/.bin on the path: npm must not run on the Node that it is about to replace. */
function toolEnvironment(env) {
  const path = (process.env.PATH ?? '').split(':').filter((folder) => !folder.endsWith('node_modules/.bin'));
  return { ...process.env, PATH: path.join(':'), ...env };
}

function excerpt(logPath) {
  const lines = readFileSync(logPath, 'utf8').trimEnd().split('\n');
  const telling = lines.filter((line) => !line.startsWith('npm warn'));
  if (telling.length <= 2 * SHOWN_LINES_EACH_END) return telling.join('\n');
  return [...telling.slice(0, SHOWN_LINES_EACH_END), '...', ...telling.slice(-SHOWN_LINES_EACH_END)].join('\n');
}
