/** Decides whether a product is current: its stamp file holds the hash of all inputs it was made from. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Hash of texts and of files or whole folders (relative names and contents); fails when a path does not exist. */
export async function hashInputs(texts, paths) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`text ${text.length}\n${text}\n`);
  for (const path of paths) await hashPath(hash, path, '');
  return hash.digest('hex');
}

export async function isCurrent(stampPath, digest) {
  try {
    return (await readFile(stampPath, 'utf8')).trim() === digest;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Written last of all, so an interrupted step leaves no stamp and runs again. */
export async function writeStamp(stampPath, digest) {
  await writeFile(stampPath, `${digest}\n`);
}

async function hashPath(hash, path, name) {
  if ((await stat(path)).isDirectory()) {
    const entries = (await readdir(path)).filter((entry) => entry !== '__pycache__').sort();
    for (const entry of entries) await hashPath(hash, join(path, entry), `${name}/${entry}`);
    return;
  }
  const content = await readFile(path);
  hash.update(`file ${name} ${content.length}\n`).update(content);
}
