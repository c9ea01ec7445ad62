/**
 * The Functions host of the stack: a process of its own that can be killed and started again on the same port.
 *
 * A restart finds the same storage, so orchestrations go on where they were.
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseEnvironment, type RunningChild, startChild } from './processes/child-process.ts';
import type { ProcessBook } from './processes/process-book.ts';
import { ROOT_FOLDER } from './stack-options.ts';

export interface HostOptions {
  readonly scriptRoot: string;
  readonly port: number;
  readonly rpcPort: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly logFolder: string;
  readonly book: ProcessBook;
}

export interface HostProcess {
  readonly url: string;
  /** Everything the host and the app print, restarts included; a new stack begins it anew. */
  readonly logPath: string;
  isRunning(): boolean;
  /** Sends `signal` and resolves when the process has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Stops the host if it runs, starts it again and resolves when it serves requests. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
const READY_LINE = /^Host ready on /;

/** Resolves when the host serves requests; throws with its last output when it ends before or is not ready in time. */
export async function startHost(options: HostOptions): Promise<HostProcess> {
  mkdirSync(options.logFolder, { recursive: true });
  const logPath = join(options.logFolder, 'host.log');
  writeFileSync(logPath, '', { mode: 0o600 });
  let child = await launch(options, logPath);
  return {
    url: `http://127.0.0.1:${options.port}`,
    logPath,
    isRunning: () => child.isRunning(),
    async kill(signal) {
      if (child.isRunning()) child.kill(signal);
      await child.exited;
    },
    async restart() {
      await child.stop();
      child = await launch(options, logPath);
    },
    stop: () => child.stop(),
  };
}

async function launch(options: HostOptions, logPath: string): Promise<RunningChild> {
  const output = createWriteStream(logPath, { flags: 'a' });
  const ready = Promise.withResolvers<void>();
  const child = startChild({
    name: 'functions-host',
    nodeArguments: hostArguments(options),
    cwd: options.scriptRoot,
    environment: { ...baseEnvironment(), ...options.settings },
    book: options.book,
    onLine(line) {
      output.write(`${line}\n`);
      if (READY_LINE.test(line)) ready.resolve();
    },
  });
  void child.exited.then(() => output.end());
  await waitUntilReady(child, ready.promise);
  return child;
}

function hostArguments({ scriptRoot, port, rpcPort }: HostOptions): string[] {
  const script = join(ROOT_FOLDER, 'local', 'functions-host', 'main.mjs');
  return [script, '--script-root', scriptRoot, '--port', String(port), '--rpc-port', String(rpcPort)];
}

async function waitUntilReady(child: RunningChild, ready: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve(`was not ready within ${READY_TIMEOUT_MS / 1000} s`), READY_TIMEOUT_MS);
  const ended = child.exited.then(({ code, signal }) => `ended while it started (${signal ?? `exit code ${code}`})`);
  const failure = await Promise.race([ready, late.promise, ended]);
  clearTimeout(timer);
  if (failure === undefined) return;
  await child.stop();
  throw new Error(`The Functions host ${failure}:\n${child.tail()}`);
}
