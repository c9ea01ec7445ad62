/** Start of the host's process to its first answer, with Durable state in Azurite. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../local/functions-host/main.mjs', import.meta.url));
/** The host keeps what it compiled three seconds after its start. */
const CACHE_WRITTEN_AFTER_MS = 3500;
const MS_PER_TICK = 10;

export interface StartUp {
  readonly scriptRoot: string;
  /** What is asked first, and the status that must come back. */
  readonly path: string;
  readonly status: number;
  readonly environment: NodeJS.ProcessEnv;
  /** False: cold, as on a machine where nothing has been compiled yet. Files may be in the system's page cache. */
  readonly compileCache: boolean;
}

export interface StartUpTime {
  readonly ms: number;
  /** Of the host's process, user and system; steadier than `ms` on a machine that does other work. */
  readonly cpuMs: number;
}

export async function startUp(options: StartUp): Promise<StartUpTime> {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [MAIN, '--script-root', options.scriptRoot, '--port', '0', '--rpc-port', '0'], {
    env: { ...options.environment, ...(options.compileCache ? {} : { NODE_DISABLE_COMPILE_CACHE: '1' }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await readyUrl(child);
    const answer = await fetch(`${url}${options.path}`);
    await answer.text();
    const ms = performance.now() - startedAtMs;
    const cpuMs = cpuMsOf(child.pid);
    if (answer.status !== options.status) throw new Error(`The first request was answered ${answer.status}.`);
    if (options.compileCache) await pause(CACHE_WRITTEN_AFTER_MS);
    return { ms, cpuMs };
  } finally {
    const ended = child.exitCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGTERM');
    await ended;
  }
}

/** Linux only (proc(5), `utime` and `stime`); not a number elsewhere. */
function cpuMsOf(pid: number | undefined): number {
  if (process.platform !== 'linux') return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Keeps reading afterwards: a closed pipe would end the host. */
function readyUrl(child: { readonly stdout: NodeJS.ReadableStream }): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      const url = /Host ready on (\S+)/.exec(text)?.[1];
      if (url) resolve(url);
    });
    child.stdout.on('close', () => reject(new Error(`The host ended instead of starting:\n${text}`)));
  });
}
