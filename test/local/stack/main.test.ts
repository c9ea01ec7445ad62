/** The command behind `npm start`: help, and refusals before anything is started. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT_FOLDER } from '../../../local/stack/stack-options.ts';

const run = (...options: string[]) =>
  promisify(execFile)(process.execPath, [join(ROOT_FOLDER, 'local', 'main.ts'), ...options], { timeout: 15_000 });

test('--help names every option and ends well', async () => {
  const { stdout } = await run('--help');
  for (const option of [
    '--bucket-seconds',
    '--policies',
    '--script-root',
    '--persist',
    '--without-host',
    '--host-port',
  ]) {
    expect(stdout).toContain(option);
  }
});

test.each([
  [['--bucket-seconds', 'two'], 'whole number'],
  [['--bucket-seconds', '7'], 'must divide 60'],
  [['--prot', '1'], '--prot'],
])('%j ends with exit code 1 and says why', async (options, expected) => {
  await expect(run(...options)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(expected) });
});
