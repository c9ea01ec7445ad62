/** What an instance loads before its first request: the app and the Functions libraries; client libraries come when used. */
import { beforeAll, expect, it } from 'vitest';
import { bundleApp } from '../../esbuild.config.mjs';
import { type BundleParts, bytesByPackage, partsOf } from '../bench/host/bundle/bundle-parts.ts';

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

it('what start-up parses stays small', () => {
  const bytes = [...startUpBytes.values()].reduce((sum, one) => sum + one, 0);
  expect(bytes).toBeLessThan(MAX_START_UP_BYTES);
});
