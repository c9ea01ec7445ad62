/** The rest of set-up, which goes on at the lowest priority while the first story runs. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT_FOLDER } from '../local/stack/stack-options.ts';

const SETUP = join(ROOT_FOLDER, 'local', 'setup', 'setup.mjs');
const NOTHING_TO_DO = /^Set-up is current/;

export interface Preparation {
  /** Resolves when everything is there; rejects with what set-up said when it failed. */
  whenDone(): Promise<void>;
  stop(): Promise<void>;
}

export function startPreparation(say: (text: string) => void): Preparation {
  const child = spawn(process.execPath, [SETUP, '--goal', 'all', '--in-background'], {
    cwd: ROOT_FOLDER,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const problems: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!NOTHING_TO_DO.test(line)) say(`  set-up: ${line}`);
  });
  createInterface({ input: child.stderr }).on('line', (line) => problems.push(line));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('error', (error) => problems.push(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  return {
    async whenDone() {
      const status = await ended;
      if (status === 0) return;
      const said = problems.join('\n');
      throw new Error(`The rest of set-up ended with ${status}; npm run setup goes on with it. ${said}`.trimEnd());
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
