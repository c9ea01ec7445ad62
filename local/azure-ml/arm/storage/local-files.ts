/** Lists, tests and copies files of this machine. */
import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Every file below a folder in a fixed order; of a file, itself. */
export async function filesOf(localPath: string): Promise<readonly string[]> {
  if ((await stat(localPath)).isFile()) return [localPath];
  const entries = await readdir(localPath, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Copies to a neighbour first, so that a copy that was cut short is never taken for a whole one. Where several copy to the same
 * place at once, the first one stays.
 */
export async function copyWhole(source: string, target: string): Promise<void> {
  const partial = `${target}.${randomUUID()}.partial`;
  await mkdir(dirname(target), { recursive: true });
  try {
    await cp(source, partial, { recursive: true });
    await rename(partial, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
