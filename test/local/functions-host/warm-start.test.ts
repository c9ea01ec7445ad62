/** A host that has started once on a machine starts fast: nothing is compiled or stripped of types again. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../../local/functions-host/main.mjs', import.meta.url));
const STRIPPER = 'NativeModule internal/deps/amaro/dist/index';
const REPORT = `process.on('exit', () => console.log('stripper:', process.moduleLoadList.includes('${STRIPPER}')))`;
let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'warm-start-'));
});

afterEach(() => rm(cache, { recursive: true }));

async function showHelp(): Promise<string> {
  const preload = `data:text/javascript,${encodeURIComponent(REPORT)}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', preload, COMMAND, '--help'], {
    env: { ...process.env, NODE_COMPILE_CACHE: '', TMPDIR: cache },
  });
  return stdout;
}

test('the type stripper is loaded at the first start only', async () => {
  expect(await showHelp()).toContain('stripper: true');
  expect(await showHelp()).toContain('stripper: false');
});
