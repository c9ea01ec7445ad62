/** The host's command as a process that may be killed at any moment, also while it starts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../local/functions-host/main.mjs', import.meta.url));
const APP = fileURLToPath(new URL('./app', import.meta.url));

export interface MortalHost {
  /** The host's address once it is ready; undefined when it ended before. */
  readonly ready: Promise<string | undefined>;
  /** Resolves when the process is gone. */
  readonly ended: Promise<unknown>;
  hasEnded(): boolean;
  output(): string;
  kill(): Promise<void>;
}

export interface HostSettings {
  readonly hubName: string;
  readonly connectionString: string;
  readonly activityLog: string;
}

export function startMortalHost({ hubName, connectionString, activityLog }: HostSettings): MortalHost {
  const child = spawn(process.execPath, [MAIN, '--script-root', APP, '--port', '0', '--rpc-port', '0'], {
    env: {
      ...process.env,
      CRASH_HUB: hubName,
      CRASH_ACTIVITY_LOG: activityLog,
      AzureWebJobsStorage: connectionString,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const ended = once(child, 'close');
  const ready = new Promise<string | undefined>((resolve) => {
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const url = /Host ready on (\S+)/.exec(text)?.[1];
      if (url) resolve(url);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => resolve(undefined));
  });
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  return {
    ready,
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    output: () => text,
    kill,
  };
}
