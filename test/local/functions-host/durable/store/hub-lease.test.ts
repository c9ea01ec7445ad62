/** Who may work on a task hub: the holder of the lease, and what happens when it dies, freezes or is cut off. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../../../../local/emulator/manual-clock.ts';
import {
  type HostIdentity,
  isGone,
  thisHost,
} from '../../../../../local/functions-host/durable/store/tables/host-identity.ts';
import { HubLease } from '../../../../../local/functions-host/durable/store/tables/hub-lease.ts';
import { type Azurite, startAzurite } from '../harness/azurite.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite?.stop());

const foreign: HostIdentity = { machine: 'elsewhere', pid: 7, startedAt: '1' };

function container(hubName: string): ContainerClient {
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
  return service.getContainerClient(`${hubName.toLowerCase()}-leases`);
}

function lease(hubName: string, clock: ManualClock, identity: HostIdentity = thisHost()): HubLease {
  return new HubLease({ container: container(hubName), hubName, clock, identity });
}

/** What the service does when 30 s have passed without a renewal. */
async function runOut(hubName: string): Promise<void> {
  const blob = container(hubName).getBlobClient(`default/${hubName.toLowerCase()}-control-00`);
  await blob.getBlobLeaseClient().breakLease(0);
}

/** Moves the clock until `done`, giving the requests under way real time. */
async function elapse(clock: ManualClock, totalMs: number, done: () => boolean = () => false): Promise<void> {
  for (let passedMs = 0; passedMs < totalMs && !done(); passedMs += 500) {
    await clock.advance(500);
    await container('Any').exists();
  }
}

test('the holder may write, and nobody may before taking or after giving back', async () => {
  const held = lease('Plain', new ManualClock());
  expect(() => held.assertHeld()).toThrow(/does not hold the lease of task hub 'Plain'/);
  await held.take();
  held.assertHeld();
  await held.release();
  expect(() => held.assertHeld()).toThrow(/does not hold/);
});

test('the blob says who holds the hub, as in the real layout', async () => {
  const held = lease('Layout', new ManualClock());
  await held.take();
  const text = async (name: string) =>
    JSON.parse((await container('Layout').getBlobClient(name).downloadToBuffer()).toString()) as unknown;
  expect(await text('taskhub.json')).toMatchObject({ TaskHubName: 'Layout', PartitionCount: 1 });
  expect(await text('default/layout-control-00')).toMatchObject({
    PartitionId: 'layout-control-00',
    Epoch: 1,
    Token: expect.stringMatching(/^[0-9a-f-]{36}$/),
    Process: { pid: process.pid },
  });
  await held.release();
});

test('a holder of this machine that is dead is replaced at once', async () => {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'close');
  const dead = { ...thisHost(), pid: child.pid ?? 0, startedAt: '1' };
  const clock = new ManualClock();
  await lease('Dead', clock, dead).take();
  const next = lease('Dead', clock);
  await next.take();
  next.assertHeld();
  await next.release();
});

test('a process number that belongs to a later process counts as dead', () => {
  const here = thisHost();
  expect(isGone(here)).toBe(false);
  expect(isGone({ ...here, startedAt: `${here.startedAt}0` })).toBe(here.startedAt !== '');
  expect(isGone({ ...here, machine: 'elsewhere', pid: 999_999_999 })).toBe(false);
});

test('a holder elsewhere is waited for, then named in the refusal', async () => {
  const clock = new ManualClock();
  await lease('Elsewhere', clock, foreign).take();
  const outcome = { text: '' };
  const refused = lease('Elsewhere', clock)
    .take()
    .catch((error: unknown) => {
      outcome.text = String(error);
    });
  await elapse(clock, 60_000, () => outcome.text !== '');
  await refused;
  expect(outcome.text).toMatch(/'Elsewhere' is in use by a host on 'elsewhere'/);
});

test('a host that did not renew in time writes nothing, and goes on once it has renewed', async () => {
  const clock = new ManualClock();
  const held = lease('Frozen', clock);
  await held.take();
  // As after a long pause of the process: the time has passed before any timer ran.
  const { nowMs } = clock;
  const [beforeMs, jump] = [clock.nowMs(), { ms: 40_000 }];
  clock.nowMs = () => nowMs.call(clock) + jump.ms;
  expect(clock.nowMs()).toBe(beforeMs + 40_000);
  expect(() => held.assertHeld()).toThrow(/does not hold/);
  await elapse(clock, 15_000);
  held.assertHeld();
  await held.release();
});

test('a host whose lease another has taken over learns it with its next renewal and never writes again', async () => {
  const clock = new ManualClock();
  const first = lease('TakenOver', clock, foreign);
  await first.take();
  await runOut('TakenOver');
  const second = lease('TakenOver', clock);
  await second.take();
  const outcome = { reason: '' };
  void first.lost.then((reason) => {
    outcome.reason = reason;
  });
  await elapse(clock, 15_000, () => outcome.reason !== '');
  expect(outcome.reason).toMatch(/Another host has taken over task hub 'TakenOver'/);
  expect(() => first.assertHeld()).toThrow(/does not hold/);
  second.assertHeld();
  await second.release();
});
