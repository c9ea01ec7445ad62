/** host.json, settings and the references between them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readHostJson } from '../../../local/functions-host/settings/host-json.ts';
import { mergeSettings, readLocalSettings } from '../../../local/functions-host/settings/local-settings.ts';
import {
  isDisabled,
  readConnection,
  resolveReferences,
} from '../../../local/functions-host/settings/setting-references.ts';
import { parseTimeSpanMs } from '../../../local/functions-host/settings/time-span.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'functions-host-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function hostJson(content: string, settings: Readonly<Record<string, string>> = {}) {
  await writeFile(join(folder, 'host.json'), content);
  return readHostJson(folder, settings);
}

describe('host.json', () => {
  test('the smallest file gives the documented defaults', async () => {
    expect(await hostJson('{"version":"2.0"}')).toMatchObject({
      routePrefix: 'api',
      functionTimeoutMs: 1_800_000,
      durableTask: {},
    });
  });

  test('comments, a byte order mark and a hub name from a setting are read', async () => {
    const text =
      '\uFEFF{ /* c */ "version": "2.0", // "x"\n "extensions": {"durableTask": {"hubName": "%HUB%", "u": "http://x"}}}';
    expect((await hostJson(text, { HUB: 'Ships' })).durableTask).toEqual({ hubName: 'Ships', u: 'http://x' });
  });

  test('AzureFunctionsJobHost settings override values at any depth, ignoring case', async () => {
    const settings = {
      AzureFunctionsJobHost__extensions__durabletask__hubName: 'Other',
      'AzureFunctionsJobHost:extensions:durableTask:storageProvider:partitionCount': '2',
      AzureFunctionsJobHost__functionTimeout: '-1',
    };
    const read = await hostJson('{"version":"2.0","extensions":{"durableTask":{"hubName":"A"}}}', settings);
    expect(read.durableTask).toEqual({ hubName: 'Other', storageProvider: { partitionCount: 2 } });
    expect(read.functionTimeoutMs).toBeUndefined();
  });

  test('the default log level is read ignoring case', async () => {
    const text = '{"version":"2.0","logging":{"logLevel":{"default":"warning"}}}';
    expect((await hostJson(text)).logLevel).toBe('warning');
  });

  test('a route prefix loses its slashes', async () => {
    const text = '{"version":"2.0","extensions":{"http":{"routePrefix":"/v1/x/"}}}';
    expect((await hostJson(text)).routePrefix).toBe('v1/x');
  });
});

test('an absent settings file is empty, and the environment wins over a present one', async () => {
  const path = join(folder, 'local.settings.json');
  expect(readLocalSettings(path, false).values).toEqual({});
  await writeFile(path, '{"Values":{"A":"file","B":"file"},"Host":{"LocalHttpPort":7099}}');
  const local = readLocalSettings(path, false);
  expect(local.localHttpPort).toBe(7099);
  expect(mergeSettings(local.values, { B: 'environment', C: 'environment' })).toEqual({
    A: 'file',
    B: 'environment',
    C: 'environment',
  });
});

test('an encrypted settings file says how to decrypt it', async () => {
  const path = join(folder, 'local.settings.json');
  await writeFile(path, '{"IsEncrypted":true,"Values":{}}');
  expect(() => readLocalSettings(path, true)).toThrow('func settings decrypt');
});

describe('references', () => {
  test('every reference is replaced at any depth, and each missing one is reported', () => {
    const missing: string[] = [];
    const value = { a: '%ONE%/x/%TWO%', list: ['%THREE%', 5], plain: '100%' };
    const resolved = resolveReferences(value, { one: '1', TWO: '2' }, (name) => missing.push(name));
    expect(resolved).toEqual({ a: '1/x/2', list: ['%THREE%', 5], plain: '100%' });
    expect(missing).toEqual(['THREE']);
  });

  test('a connection is found as given or with the prefix, and an empty one counts as missing', () => {
    expect(readConnection({ Storage: 'a', AzureWebJobsStorage: 'b' }, 'Storage')).toBe('a');
    expect(readConnection({ AzureWebJobsStorage: 'b' }, 'Storage')).toBe('b');
    expect(readConnection({ Storage: '' }, 'Storage')).toBeUndefined();
  });

  test.each([
    ['true', true],
    ['1', true],
    ['TRUE', true],
    ['false', false],
    ['0', false],
  ])('a function whose Disabled setting is %s is disabled: %s', (text, expected) => {
    expect(isDisabled({ 'AzureWebJobs.retrain.Disabled': text }, 'Retrain')).toBe(expected);
  });
});

test.each([
  ['00:00:30', 30_000],
  ['01:00:00.5', 3_600_500],
  ['2.03:04:05', 183_845_000],
  ['00:61:00', undefined],
  ['5', undefined],
])('the TimeSpan %s is %s ms', (text, expected) => {
  expect(parseTimeSpanMs(text)).toBe(expected);
});
