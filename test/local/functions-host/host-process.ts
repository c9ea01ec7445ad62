/** Starts the host's command as its own process, as one process can hold one app only, and stops it again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../local/functions-host/main.mjs', import.meta.url));
const START_LIMIT_MS = 30_000;

export interface HostProcess {
  readonly url: string;
  readonly output: () => string;
  /** The exit code, once the process has ended. */
  readonly ended: Promise<number | null>;
  readonly kill: (signal: NodeJS.Signals) => Promise<number | null>;
}

export interface FailedStart {
  readonly exitCode: number | null;
  readonly output: string;
}

export function fixture(name: string): string {
  return fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
}

/** Resolves once the host says that it is ready; rejects with its output when it ends instead. */
export async function startHostProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<HostProcess> {
  const { child, output, ready } = spawnHost(args, env);
  const ended = once(child, 'exit').then(() => child.exitCode);
  const url = await ready;
  if (!url) throw new Error(`The host ended instead of starting:\n${output()}`);
  return {
    url,
    output,
    ended,
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** For starts that must fail. */
export async function failToStart(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<FailedStart> {
  const { child, output, ready } = spawnHost(args, env);
  const url = await ready;
  if (url) {
    child.kill('SIGKILL');
    throw new Error(`The host started although it must not:\n${output()}`);
  }
  return { exitCode: child.exitCode, output: output() };
}

function spawnHost(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const ready = new Promise<string | undefined>((resolve, reject) => {
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The host said nothing for ${START_LIMIT_MS} ms:\n${text}`));
    }, START_LIMIT_MS);
    const settle = (url: string | undefined) => {
      clearTimeout(limit);
      resolve(url);
    };
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const url = /Host ready on (\S+)/.exec(text)?.[1];
      if (url) settle(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('close', () => settle(undefined));
  });
  return { child, output: () => text, ready };
}
