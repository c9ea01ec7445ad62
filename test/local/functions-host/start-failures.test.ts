/** Every start that cannot succeed ends with exit code 1 and one message that names the cause and the remedy. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failToStart, fixture, startHostProcess } from './host-process.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'functions-host-'));
});

afterEach(() => rm(folder, { recursive: true }));

const HOST_JSON = '{"version":"2.0"}';
const PACKAGE_JSON = '{"main":"app.cjs"}';

const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  ['no host.json', {}, ['There is no', 'host.json', '--script-root']],
  ['a host.json that is no JSON', { 'host.json': '{' }, ['host.json cannot be read', '{"version": "2.0"}']],
  ['a host.json of the wrong version', { 'host.json': '{"version":"1.0"}' }, ['host.json is not valid', 'version']],
  [
    'a functionTimeout that is no duration',
    { 'host.json': '{"version":"2.0","functionTimeout":"long"}' },
    ['functionTimeout', '"00:10:00"'],
  ],
  ['no package.json', { 'host.json': HOST_JSON }, ['There is no', 'package.json']],
  [
    'a main that matches no file',
    { 'host.json': HOST_JSON, 'package.json': '{"main":"dist/*.js"}' },
    ['"main": "dist/*.js"', 'Build the app first'],
  ],
  [
    'an app that throws while loading',
    { 'host.json': HOST_JSON, 'package.json': PACKAGE_JSON, 'app.cjs': 'throw new Error("no policy file")' },
    ['app.cjs threw while loading: no policy file', 'Correct the app or the settings'],
  ],
  [
    'an app with a syntax error',
    { 'host.json': HOST_JSON, 'package.json': PACKAGE_JSON, 'app.cjs': '\nconst x = ;' },
    ['app.cjs threw while loading: Unexpected token', 'app.cjs:2\nconst x = ;\n          ^'],
  ],
  [
    'an app that registers nothing',
    { 'host.json': HOST_JSON, 'package.json': PACKAGE_JSON, 'app.cjs': '' },
    ['The app registered no function', 'test mode'],
  ],
  [
    'a queue batch larger than queues give',
    { 'host.json': '{"version":"2.0","extensions":{"queues":{"batchSize":33}}}' },
    ['host.json is not valid', 'extensions.queues.batchSize'],
  ],
  [
    'an encoding that does not exist',
    { 'host.json': '{"version":"2.0","extensions":{"queues":{"messageEncoding":"hex"}}}' },
    ['extensions.queues.messageEncoding', 'base64'],
  ],
  [
    'a Service Bus duration that is none',
    { 'host.json': '{"version":"2.0","extensions":{"serviceBus":{"sessionIdleTimeout":"soon"}}}' },
    ['extensions.serviceBus.sessionIdleTimeout', '"hh:mm:ss"'],
  ],
  [
    'settings that are no texts',
    { 'host.json': HOST_JSON, 'local.settings.json': '{"Values":{"A":1}}' },
    ['local.settings.json is not valid', 'Values.A'],
  ],
];

test.each(cases)('%s', async (_case, files, expected) => {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const { exitCode, output } = await failToStart(['--script-root', folder, '--port', '0']);
  expect(exitCode).toBe(1);
  for (const text of expected) expect(output).toContain(text);
});

test('a binding that the host does not serve is named with its function and its file', async () => {
  const { exitCode, output } = await failToStart(['--script-root', fixture('unserved'), '--port', '0']);
  expect(exitCode).toBe(1);
  expect(output).toMatch(/Function onBlob \(registered by .*unserved.app\.cjs\) has a binding of type "blobTrigger"/);
  expect(output).toContain('Set AzureWebJobs.onBlob.Disabled to true');
});

test.each([
  [
    'a queue without its connection',
    'queue',
    { JOBS_QUEUE: 'jobs' },
    ['Function enqueue', 'JobsStorage', 'local.settings.json'],
  ],
  [
    'a queue whose connection is no connection string',
    'queue',
    { JOBS_QUEUE: 'jobs', JobsStorage: 'nonsense' },
    ['The connection JobsStorage of function enqueue cannot be used', 'UseDevelopmentStorage=true'],
  ],
  [
    'a queue name that storage does not take',
    'queue',
    { JOBS_QUEUE: 'Jobs_1', JobsStorage: 'UseDevelopmentStorage=true' },
    ['The queueTrigger binding of function onMessage is not valid', '3 to 63 letters, digits and single dashes'],
  ],
  [
    'a Service Bus entity without its connection',
    'service-bus',
    { ONE_QUEUE: 'one' },
    ['the setting Bus with its connection is missing', 'Bus__fullyQualifiedNamespace'],
  ],
  [
    'a Service Bus connection that is no connection string',
    'service-bus',
    { ONE_QUEUE: 'one', Bus: 'nonsense' },
    ['The connection Bus of function', 'cannot be used', 'Endpoint=sb://'],
  ],
  ['an Event Grid topic without its address', 'event-output', {}, ['Function classic', 'CLASSIC_ENDPOINT', 'missing']],
  [
    'an Event Grid topic whose address is none',
    'event-output',
    { CLASSIC_ENDPOINT: 'here', CLASSIC_KEY: 'k' },
    ['CLASSIC_ENDPOINT of function classic is "here"', 'https://<topic>.'],
  ],
])('%s', async (_case, app, env, expected) => {
  const { exitCode, output } = await failToStart(['--script-root', fixture(app), '--port', '0'], env);
  expect(exitCode).toBe(1);
  for (const text of expected) expect(output).toContain(text);
  expect(output).not.toMatch(/^\s+at /m);
});

test('an app whose only function is switched off says so', async () => {
  const env = { 'AzureWebJobs.onBlob.Disabled': '1' };
  const { output } = await failToStart(['--script-root', fixture('unserved'), '--port', '0'], env);
  expect(output).toContain('Every function of the app is disabled');
});

test('a binding that refers to a missing setting names both', async () => {
  const { exitCode, output } = await failToStart(['--script-root', fixture('events'), '--port', '0']);
  expect(exitCode).toBe(1);
  expect(output).toContain('Bindings of function retried refer to missing settings: %RETRIED_SCHEDULE%');
});

test('an app with Durable functions but without storage names the missing setting', async () => {
  const args = ['--script-root', fixture('durable'), '--port', '0'];
  const { exitCode, output } = await failToStart(args, { HUB_NAME: 'Hub', AzureWebJobsStorage: '' });
  expect(exitCode).toBe(1);
  expect(output).toContain('the setting AzureWebJobsStorage with their storage connection is missing');
});

test('an app with Durable functions whose storage connection is no connection string names the setting and its file', async () => {
  const args = ['--script-root', fixture('durable'), '--port', '0'];
  const { exitCode, output } = await failToStart(args, { HUB_NAME: 'Hub', AzureWebJobsStorage: 'nonsense' });
  expect(exitCode).toBe(1);
  expect(output).toContain('The connection AzureWebJobsStorage of Durable Functions cannot be used');
  expect(output).toContain(`${fixture('durable')}/local.settings.json`);
});

test('a Durable section that is wrong lists all its problems with the path of host.json', async () => {
  const args = ['--script-root', fixture('durable'), '--port', '0'];
  const env = { HUB_NAME: 'a-b', AzureFunctionsJobHost__extensions__durableTask__maxConcurrentActivityFunctions: '0' };
  const { exitCode, output } = await failToStart(args, { ...env, AzureWebJobsStorage: 'UseDevelopmentStorage=true' });
  expect(exitCode).toBe(1);
  for (const text of [`${fixture('durable')}/host.json`, 'hubName', 'maxConcurrentActivityFunctions', 'Correct']) {
    expect(output).toContain(text);
  }
});

test('a task hub name that refers to a missing setting names it', async () => {
  const { output } = await failToStart(['--script-root', fixture('durable'), '--port', '0']);
  expect(output).toContain('host.json refers to missing settings in durableTask: %HUB_NAME%');
});

test('a schedule that cannot be read names the function and the field', async () => {
  const env = { RETRIED_SCHEDULE: '0 0 0 L * *' };
  const { output } = await failToStart(['--script-root', fixture('events'), '--port', '0'], env);
  expect(output).toContain('The timer function retried cannot be scheduled: "L" is not a field');
});

test('a settings file that was asked for must exist', async () => {
  const args = ['--script-root', fixture('web'), '--port', '0', '--settings', join(folder, 'none.json')];
  const { output } = await failToStart(args);
  expect(output).toContain('none.json does not exist');
});

test('an unknown option is named', async () => {
  const { exitCode, output } = await failToStart(['--portt', '1']);
  expect(exitCode).toBe(1);
  expect(output).toContain('--portt');
});

test('an ES module app with a glob for main and an empty route prefix starts', async () => {
  const host = await startHostProcess(['--script-root', fixture('esm'), '--port', '0']);
  try {
    expect(await (await fetch(`${host.url}/one`)).text()).toBe('one');
    expect(await (await fetch(`${host.url}/x/two`)).text()).toBe('x');
  } finally {
    await host.kill('SIGKILL');
  }
});
