/** A wrong configuration keeps the deployed bundle from starting: exit code 1 and one message with everything that is wrong. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT_FOLDER } from '../../local/stack/stack-options.ts';
import { failToStart } from '../local/functions-host/host-process.ts';
import { lanePolicy } from './world/lane-policy.ts';

let policies: string;

beforeAll(async () => {
  policies = await mkdtemp(join(tmpdir(), 'wrong-policies-'));
});
afterAll(() => rm(policies, { recursive: true, force: true }));

test('missing and wrong settings and two wrong policies are told in one message, and the host exits with 1', async () => {
  const good = lanePolicy('good');
  await writeFile(join(policies, 'a.yaml'), JSON.stringify({ ...good, stepz: [], bake: { dwellBuckets: 0 } }, null, 2));
  await writeFile(join(policies, 'b.yaml'), 'name: b\n  endpoint: flights\n');

  const { exitCode, output } = await failToStart(['--script-root', ROOT_FOLDER, '--port', '0'], {
    FUNCTIONS_WORKER_RUNTIME: 'node',
    SLIPWAY_POLICIES: policies,
    SLIPWAY_RESOURCE_GROUP: 'rg-models',
    SLIPWAY_SUBSCRIPTION_ID: 'not-a-guid',
    SLIPWAY_TABLES_ENDPOINT: 'http://insecure.example',
    SLIPWAY_TOKEN_SECRET: 'c2hvcnQ',
    SLIPWAY_POLL_SCHEDULE: 'every minute',
  });

  expect(exitCode, output).toBe(1);
  expect(output.match(/Slipway cannot start/g), output).toHaveLength(1);
  for (const part of [
    'SLIPWAY_SUBSCRIPTION_ID: must be a GUID',
    'SLIPWAY_WORKSPACE: is missing',
    'SLIPWAY_LOG_ANALYTICS_WORKSPACE_ID: is missing',
    'SLIPWAY_TABLES_ENDPOINT: must be an https address',
    'SLIPWAY_BLOBS_ENDPOINT: is missing',
    'SLIPWAY_EVENT_TOPIC_ENDPOINT: is missing',
    'SLIPWAY_TOKEN_SECRET: must be base64url text',
    'SLIPWAY_POLL_SCHEDULE: must be a schedule',
    'stepz is no known key',
    'bake.dwellBuckets',
    'a.yaml:',
    'b.yaml:',
  ]) {
    expect(output).toContain(part);
  }
  expect(output).not.toContain('c2hvcnQ');
  expect(output).not.toContain('SLIPWAY_RESOURCE_GROUP');
});
