/** Milliseconds from the start of the host's process to its first answer, with Durable state in Azurite. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { BENCH_APP } from './engine-under-test.ts';

const MAIN = fileURLToPath(new URL('../../../local/functions-host/main.mjs', import.meta.url));

export async function startUpMs(connectionString: string): Promise<number> {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [MAIN, '--script-root', BENCH_APP, '--port', '0', '--rpc-port', '0'], {
    env: { ...process.env, BENCH_HUB: 'StartUpHub', AzureWebJobsStorage: connectionString },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await readyUrl(child);
    const answer = await fetch(`${url}/api/ping`);
    if ((await answer.text()) !== 'pong') throw new Error(`The first request was answered ${answer.status}.`);
    return performance.now() - startedAtMs;
  } finally {
    const ended = child.exitCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGTERM');
    await ended;
  }
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
