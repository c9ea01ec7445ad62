/** What an instance loads before its first request: the app and the Functions libraries; client libraries come when used. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { bundleApp } from '../../esbuild.config.mjs';
import { type BundleParts, bytesByPackage, partsOf } from '../bench/host/bundle/bundle-parts.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** What is parsed at every cold start; look at the table of `npm run bench:host` before raising it. */
const MAX_START_UP_BYTES = 2_600_000;

let parts: BundleParts;
let startUpBytes: ReadonlyMap<string, number>;

beforeAll(async () => {
  const { metafile } = await bundleApp();
  parts = partsOf(metafile);
  startUpBytes = bytesByPackage(metafile, parts.startUp);
});

it('start-up loads the app with the Functions libraries, and no client library of Azure', () => {
  const azure = [...startUpBytes.keys()].filter((name) => /^@(azure|typespec)\//.test(name));
  expect(azure.sort()).toEqual(['@azure/functions', '@azure/functions-extensions-base']);
  expect([...startUpBytes.keys()]).toEqual(expect.arrayContaining(['src', 'durable-functions', 'zod']));
});

it('every client library lies in a file that its first use loads', () => {
  expect(parts.firstUses.map(({ packageName }) => packageName).sort()).toEqual([
    '@azure/arm-machinelearning',
    '@azure/core-rest-pipeline',
    '@azure/data-tables',
    '@azure/eventgrid',
    '@azure/identity',
    '@azure/monitor-query',
    '@azure/service-bus',
    '@azure/storage-blob',
    'csv-parse',
  ]);
});

it('what is loaded at first use gives the names that are taken from it: a bundled CommonJS package gives none', () => {
  const missing = importsAtFirstUse().flatMap(({ from, names }) => {
    const exports = parts.firstUses.find(({ entryPoint }) => entryPoint.includes(from))?.exports ?? [];
    return names.filter((name) => !exports.includes(name)).map((name) => `${name} of ${from}`);
  });
  expect(importsAtFirstUse().length).toBeGreaterThan(8);
  expect(missing).toEqual([]);
});

it('what start-up parses stays small', () => {
  const bytes = [...startUpBytes.values()].reduce((sum, one) => sum + one, 0);
  expect(bytes).toBeLessThan(MAX_START_UP_BYTES);
});

/** `from` is a part of the path of what is imported. */
function importsAtFirstUse(): readonly { readonly from: string; readonly names: readonly string[] }[] {
  return globSync('src/**/*.ts', { cwd: ROOT }).flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return [...text.matchAll(/const \{([^}]+)\} = await import\(\s*'([^']+)'/g)].map(([, names = '', name = '']) => ({
      from: name.startsWith('.') ? join(dirname(file), name) : `node_modules/${name}/`,
      names: names.split(',').map((one) => one.trim()),
    }));
  });
}
