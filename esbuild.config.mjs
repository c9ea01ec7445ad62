/**
 * Bundles the app into dist/: `index.cjs` is what start-up loads, the files beside it are loaded by the `import()` that
 * first needs them. All are CommonJS with source maps; the Functions worker injects functions-core.
 *
 * esbuild splits ES modules only: so the bundle is made as those, and each file is turned into CommonJS afterwards.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { build, transform } from 'esbuild';

const ROOT = import.meta.dirname;
const PLATFORM = { platform: 'node', target: 'node24', sourcesContent: false, logLevel: 'warning' };

/** What the app never uses, and start-up would read for nothing. */
const LEFT_OUT = [
  // Messages of zod in forty other languages; English is loaded by zod itself.
  { filter: /node_modules\/zod\/v4\/locales\/index\.c?js$/, contents: 'export {};' },
  // axios (of durable-functions) takes the platform's FormData in browsers; the package brings a table of all media types.
  { filter: /node_modules\/form-data\/lib\/form_data\.js$/, contents: 'module.exports = FormData;' },
];

const leaveOut = {
  name: 'leave-out',
  setup({ onLoad, onEnd }) {
    const met = new Set();
    for (const { filter, contents } of LEFT_OUT) {
      onLoad({ filter }, () => {
        met.add(filter);
        return { contents };
      });
    }
    onEnd(() => ({
      errors: LEFT_OUT.filter(({ filter }) => !met.has(filter)).map(({ filter }) => ({
        text: `Nothing matches ${filter} any more: the library has changed, so look again at what is left out.`,
      })),
    }));
  },
};

/** Files and esbuild's metafile, whose outputs have the same names; nothing is written. */
export async function bundleApp() {
  const { outputFiles, metafile } = await build({
    ...PLATFORM,
    absWorkingDir: ROOT,
    entryPoints: ['src/index.ts'],
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.cjs' },
    chunkNames: '[name]-[hash]',
    sourcemap: 'inline',
    external: ['@azure/functions-core'],
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': 'undefined' },
    plugins: [leaveOut],
    metafile: true,
    write: false,
  });
  const files = await Promise.all(outputFiles.map(({ path, text }) => toCommonJs(basename(path), text)));
  return { files: files.flat(), metafile };
}

/** Without `import()` in its syntax, esbuild writes a `require` that is called later. */
async function toCommonJs(name, text) {
  const { code, map } = await transform(text, {
    ...PLATFORM,
    format: 'cjs',
    sourcefile: name,
    sourcemap: 'external',
    supported: { 'dynamic-import': false },
  });
  return [
    { name, text: `${code}//# sourceMappingURL=${name}.map\n` },
    { name: `${name}.map`, text: map },
  ];
}

/** Files of an earlier build go last: a host that still runs may be about to load one. */
async function writeApp(folder, files) {
  await mkdir(folder, { recursive: true });
  await Promise.all(files.map(({ name, text }) => writeFile(join(folder, name), text)));
  const names = new Set(files.map(({ name }) => name));
  const stale = (await readdir(folder)).filter((name) => !names.has(name));
  await Promise.all(stale.map((name) => rm(join(folder, name), { recursive: true })));
}

if (import.meta.main) await writeApp(resolve(ROOT, 'dist'), (await bundleApp()).files);
