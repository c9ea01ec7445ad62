/** Runs one tool to its end with its output in a log file; a failure shows the end of that log. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logFolder, rootFolder } from './paths.mjs';

const SHOWN_LOG_LINES = 25;
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
    super(logPath ? `${message} The end of ${logPath}:\n${lastLines(logPath)}` : message);
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

function lastLines(logPath) {
  return readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-SHOWN_LOG_LINES).join('\n');
}
