/** Two host processes on one task hub: the second is refused; after the first was killed it starts at once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failToStart, fixture, type HostProcess, startHostProcess } from '../host-process.ts';
import { type Azurite, startAzurite } from './harness/azurite.ts';

const args = ['--script-root', fixture('durable'), '--port', '0', '--rpc-port', '0'];
let azurite: Azurite;
const running: HostProcess[] = [];

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(async () => {
  for (const host of running) await host.kill('SIGKILL');
  await azurite?.stop();
});

test('a second host ends with a message that names the first; a killed host’s hub is free at once', async () => {
  const environment = { HUB_NAME: 'TwoHosts', AzureWebJobsStorage: azurite.connectionString };
  const first = await startHostProcess(args, environment);
  running.push(first);
  const refused = await failToStart(args, environment);
  expect(refused.exitCode).toBe(1);
  expect(refused.output).toMatch(/Task hub 'TwoHosts' is in use by process \d+ of this machine/);
  expect(refused.output).toContain('give this one a hub of its own');
  await first.kill('SIGKILL');
  const startedAtMs = Date.now();
  running.push(await startHostProcess(args, environment));
  // The lease of the killed host would run for half a minute.
  expect(Date.now() - startedAtMs).toBeLessThan(15_000);
}, 60_000);
