/**
 * Runs one child of the stack in its own process group.
 *
 * 1. The group is in the process book while it runs, and is killed at the latest when this process exits.
 * 2. The child gets the environment it is given and nothing else of ours.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { killGroup, type ProcessBook } from './process-book.ts';

export interface ChildOptions {
  /** Shown in messages, for example `azurite`. */
  readonly name: string;
  /** Arguments of node: the script first. */
  readonly nodeArguments: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly book: ProcessBook;
  readonly onLine?: (line: string) => void;
  /** How long `stop` waits before it insists; 5000 unless given. */
  readonly graceMs?: number;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningChild {
  readonly pid: number;
  /** Resolves when the process has ended; never rejects. */
  readonly exited: Promise<ChildExit>;
  isRunning(): boolean;
  /** Signals the whole process group. */
  kill(signal: NodeJS.Signals): void;
  /** Asks to end, insists after the grace period; resolves when the process has ended. */
  stop(): Promise<void>;
  /** The last lines of both outputs. */
  tail(): string;
}

const GRACE_MS = 5000;
const TAIL_LINES = 40;
const liveGroups = new Set<number>();

process.on('exit', () => {
  for (const pid of liveGroups) killGroup(pid, 'SIGKILL');
});

export function startChild(options: ChildOptions): RunningChild {
  const { name, book } = options;
  const child = spawn(process.execPath, options.nodeArguments, {
    cwd: options.cwd,
    env: options.environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`The ${name} process could not be started with ${process.execPath}.`);
  liveGroups.add(pid);
  book.add(name, pid);
  const lines: string[] = [];
  const onLine = (line: string) => {
    if (lines.push(line) > TAIL_LINES) lines.shift();
    options.onLine?.(line);
  };
  readLines(child.stdout, onLine);
  readLines(child.stderr, onLine);
  let running = true;
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', () => {
      running = false;
      killGroup(pid, 'SIGKILL');
      liveGroups.delete(pid);
      book.remove(pid);
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    pid,
    exited,
    isRunning: () => running,
    kill: (signal) => killGroup(pid, signal),
    stop: () => (running ? stopChild(pid, exited, options.graceMs ?? GRACE_MS) : Promise.resolve()),
    tail: () => lines.join('\n'),
  };
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on('line', onLine);
}

async function stopChild(pid: number, exited: Promise<ChildExit>, graceMs: number): Promise<void> {
  killGroup(pid, 'SIGTERM');
  const insist = setTimeout(() => killGroup(pid, 'SIGKILL'), graceMs);
  await exited;
  clearTimeout(insist);
}

/** What every child needs of our environment: programs and a place for temporary files, no credentials, no proxies. */
export function baseEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'USER', 'TMPDIR', 'LANG', 'TZ'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
