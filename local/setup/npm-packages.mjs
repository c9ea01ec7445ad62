/** Installs the npm packages when what lies in node_modules is not what the lockfile says. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

/** @param {string} root */
export function npmPackagesStep(root) {
  return {
    name: 'npm packages, with Node.js 24',
    needs: [],
    expect: { seconds: 22, megabytes: 820 },
    isDone: () => packagesMatch(join(root, 'package-lock.json'), join(root, 'node_modules', '.package-lock.json')),
    run: () => runCommand({ name: 'npm', command: 'npm', args: ['ci', '--no-audit', '--no-fund'], cwd: root }),
  };
}

/** npm records what it installed in a second lockfile; packages for other platforms are rightly absent from it. */
export async function packagesMatch(wantedPath, installedPath) {
  const wanted = await packagesOf(wantedPath);
  const installed = await packagesOf(installedPath);
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path];
    return path === '' || (found ? found.version === entry.version : entry.optional === true || entry.peer === true);
  });
}

async function packagesOf(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
