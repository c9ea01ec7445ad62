/**
 * Runs a job's command as a process group of its own.
 *
 * 1. The command sees the variables it is given and nothing else of this process.
 * 2. The whole group ends when the job is told to, when the command ends, and when this process ends in any way.
 * 3. Output is written as it comes, up to MAX_LOG_BYTES.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { endProcessGroup, signalGroup } from '../../serving/process/end-process-group.ts';

const SUPERVISOR = join(import.meta.dirname, 'supervise_command.py');
const MAX_LOG_BYTES = 20 * 1024 * 1024;
/** How long output that an ended command left in its pipes is waited for. */
const LAST_OUTPUT_MS = 1_000;

export interface CommandPlan {
  readonly command: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logPath: string;
}

export interface CommandExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface JobLauncher {
  /** Resolves when nothing of the command is left. An abort ends it early. Rejects when it cannot be started. */
  run(plan: CommandPlan, signal: AbortSignal): Promise<CommandExit>;
}

/** `python` in a command is the interpreter at `pythonPath`; a run fails when that is missing. */
export function createJobLauncher(pythonPath: string): JobLauncher {
  return { run: (plan, signal) => run(pythonPath, plan, signal) };
}

async function run(pythonPath: string, plan: CommandPlan, signal: AbortSignal): Promise<CommandExit> {
  signal.throwIfAborted();
  if (!existsSync(pythonPath)) {
    throw new Error(`There is no Python interpreter at ${pythonPath}: run npm run setup.`);
  }
  const searchPath = process.env.PATH ?? '/usr/bin:/bin';
  const child = spawn(pythonPath, [SUPERVISOR, plan.command], {
    cwd: plan.folder,
    env: { ...plan.environment, PATH: [dirname(pythonPath), searchPath].join(delimiter) },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  const logged = writeLog([child.stdout, child.stderr], plan.logPath);
  const exited = new Promise<CommandExit>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, exitSignal) => resolve({ code, signal: exitSignal }));
  });
  const { pid } = child;
  const end = () =>
    void (pid === undefined
      ? undefined
      : endProcessGroup(
          pid,
          exited.catch(() => undefined),
        ));
  signal.addEventListener('abort', end, { once: true });
  try {
    return await exited;
  } finally {
    signal.removeEventListener('abort', end);
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
    await Promise.race([logged, delay(LAST_OUTPUT_MS)]);
  }
}

async function writeLog(streams: readonly Readable[], path: string): Promise<void> {
  const file = createWriteStream(path, { flags: 'a' });
  let left = MAX_LOG_BYTES;
  const write = (chunk: Buffer) => {
    if (left <= 0) return;
    left -= chunk.length;
    file.write(left > 0 ? chunk : '\n[The log is longer than 20 MiB; the rest is left out.]\n');
  };
  for (const stream of streams) stream.on('data', write);
  await Promise.all(streams.map((stream) => finished(stream).catch(() => undefined)));
  file.end();
  await finished(file);
}
