/**
 * The package's scripts on a machine with an older Node.js and nothing installed: the Node.js that set-up installs does
 * the work, whichever shell runs the script.
 *
 * The folder holds the real package.json and set-up. Its `npm` and `python3` make what the real ones would, in an
 * instant; the programs that the scripts end in say which Node.js runs them. Each is TypeScript that an older one refuses.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const PROBE = "const ran: string = process.argv[1]; console.log(ran + ' on ' + process.execPath);\n";
/** Where the scripts end, as their lines name it. */
const PROGRAMS = Object.values(scripts).flatMap((line) => line.match(/[\w./-]+\.(?:ts|mjs)\b/g) ?? []);

const foldersOfPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
const found = (name: string) => foldersOfPath.map((folder) => join(folder, name)).filter(existsSync);

/** Looks like Node.js 20: its version, and that it refuses TypeScript. */
const OLD_NODE = `#!/bin/sh
case "$1" in --version) echo v20.19.0; exit 0;; esac
exec "${realpathSync(process.execPath)}" --no-strip-types --require "$(dirname "$0")/version-20.cjs" "$@"
`;
const VERSION_20 = `Object.defineProperty(process.versions, 'node', { value: '20.19.0' });\n`;

/** `npm ci` brings this process's Node.js as the package does, and records what it installed. */
const NPM = `#!/bin/sh
[ "$1" = ci ] || { echo 11.0.0; exit 0; }
mkdir -p node_modules/.bin
ln -s "${realpathSync(process.execPath)}" node_modules/.bin/node
for command in biome tsc vitest func; do
  printf '#!/bin/sh\\nnode command.ts' > node_modules/.bin/$command; chmod +x node_modules/.bin/$command
done
cp package-lock.json node_modules/.package-lock.json
`;
const PYTHON = `#!/bin/sh
case "$1 $2" in
  -c*) echo 3.11.9;;
  '-m venv') mkdir -p "$3/bin" && cp "$0" "$3/bin/python";;
esac
while [ $# -gt 1 ]; do
  if [ "$1" = --output ]; then case "$2" in *.jsonl) : > "$2";; *) mkdir -p "$2";; esac; fi
  shift
done
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scripts-'));
  for (const name of ['package.json', 'package-lock.json', 'local/setup', 'examples/flights']) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  }
  for (const program of [...PROGRAMS, 'command.ts']) {
    if (program.startsWith('local/setup/')) continue;
    await mkdir(dirname(join(folder, program)), { recursive: true });
    await writeFile(join(folder, program), program.endsWith('.ts') ? PROBE : PROBE.replace(': string', ''));
  }
  await addCommand('npm', NPM);
  await addCommand('python3', PYTHON);
});
afterEach(() => rm(folder, { recursive: true }));

async function addCommand(name: string, text: string): Promise<void> {
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(join(folder, 'bin', name), text);
  await chmod(join(folder, 'bin', name), 0o755);
}

async function useNode(node: string): Promise<void> {
  if (node !== 'a stand-in') return symlink(node, join(folder, 'bin', 'node'));
  await addCommand('node', OLD_NODE);
  await writeFile(join(folder, 'bin', 'version-20.cjs'), VERSION_20);
}

/** As npm runs a script: by a shell, with the folder of installed commands first on the PATH. */
function run(shell: string, line: string) {
  const path = [join(folder, 'node_modules', '.bin'), join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter);
  const env = { PATH: path, HOME: folder };
  return spawnSync(shell, ['-c', line], { cwd: folder, encoding: 'utf8', env, timeout: 20_000 });
}

/** Node.js versions of this machine that cannot run the project, besides a stand-in for one. */
const OLDER = [...new Set(found('node').map((node) => realpathSync(node)))].filter((node) => {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout;
  return Number(version.slice(1).split('.')[0]) < 24;
});
const SCRIPTS = Object.keys(scripts).filter((name) => name !== 'setup');
const FIRST_COMMANDS = ['demo', 'start', 'test'];
const SHELLS = ['sh', 'dash', 'bash', 'ksh', 'zsh', 'busybox'].flatMap((name) => found(name).slice(0, 1));

test.each([
  ...SCRIPTS.map((name) => ({ name, node: 'a stand-in' })),
  ...OLDER.flatMap((node) => FIRST_COMMANDS.map((name) => ({ name, node }))),
])('the first call of $name with $node as the older Node.js ends under that of set-up', async ({ name, node }) => {
  await useNode(node);
  const { status, stdout, stderr } = run('/bin/sh', scripts[name] ?? '');
  expect(stderr).toContain('Set-up is done');
  const lines = stdout.trim().split('\n');
  expect({ status, nodes: lines.map((line) => line.split(' on ')[1]) }).toEqual({
    status: 0,
    nodes: lines.map(() => realpathSync(process.execPath)),
  });
});

test.each(SHELLS)('%s runs the demo under the Node.js of set-up, the second time without set-up', async (shell) => {
  await useNode('a stand-in');
  const line = shell.endsWith('busybox') ? `${shell} sh -c '${scripts.demo}'` : (scripts.demo ?? '');
  expect(run(shell.endsWith('busybox') ? '/bin/sh' : shell, line).stdout).toContain('demo/main.ts on ');
  const second = run(shell.endsWith('busybox') ? '/bin/sh' : shell, line);
  expect(second.stdout).toContain('demo/main.ts on ');
  expect(second.stderr).toBe('');
});

test('the end of the program is the end of the script', async () => {
  await useNode('a stand-in');
  await writeFile(join(folder, 'demo', 'main.ts'), 'process.exit(7 as number);\n');
  expect(run('/bin/sh', scripts.demo ?? '').status).toBe(7);
});

test('a build that fails ends the script, and the program does not run', async () => {
  await useNode('a stand-in');
  await writeFile(join(folder, 'esbuild.config.mjs'), 'process.exit(3);\n');
  const { status, stdout } = run('/bin/sh', scripts.demo ?? '');
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
});
