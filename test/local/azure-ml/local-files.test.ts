/** Copies of artefacts: whole or not at all, also where several are made at once. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyWhole } from '../../../local/azure-ml/arm/storage/local-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a copy', () => {
  test('of a folder that several make at once is there once, whole, with nothing beside it', async () => {
    const source = join(folder, 'model');
    await mkdir(source);
    for (let file = 0; file < 20; file += 1) await writeFile(join(source, `${file}.json`), `${file}`);
    const target = join(folder, 'store', 'hash', 'model');
    await Promise.all(Array.from({ length: 5 }, () => copyWhole(source, target)));
    expect(await readdir(join(folder, 'store', 'hash'))).toEqual(['model']);
    expect(await readdir(target)).toHaveLength(20);
    expect(await readFile(join(target, '7.json'), 'utf8')).toBe('7');
  });

  test('of nothing fails and leaves nothing', async () => {
    await expect(copyWhole(join(folder, 'absent'), join(folder, 'store', 'absent'))).rejects.toThrow(/ENOENT/);
    expect(await readdir(join(folder, 'store'))).toEqual([]);
  });
});
