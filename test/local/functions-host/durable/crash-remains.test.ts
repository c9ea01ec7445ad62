/** Whatever write the host dies at, nothing stays stored that nobody will ever take, long timers included. */
import { expect, test } from 'vitest';
import { ManualClock } from '../../../../local/emulator/manual-clock.ts';
import { MemoryStore } from '../../../../local/functions-host/durable/store/memory-store.ts';
import { df, sdkInvoker } from './harness/core-module.ts';
import { CrashingStore, type CrashMode } from './harness/crashing-store.ts';
import { World } from './harness/virtual-world.ts';

df.app.orchestration('race', function* (context) {
  const { round } = context.df.getInput() as { round: number };
  const deadline = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 86_400_000));
  const approved = context.df.waitForExternalEvent(`Go${round}`);
  yield context.df.Task.any([approved, deadline]);
  deadline.cancel();
  if (round === 1) context.df.continueAsNew({ round: 2 });
  return round;
});

async function runRace(crashAt: number, mode: CrashMode) {
  const inner = new MemoryStore();
  const clock = new ManualClock();
  let store = new CrashingStore(inner, crashAt, mode);
  let world = await new World(sdkInvoker, {}, store, clock).start();
  const acknowledged = async (path: string, body: unknown) => {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const { status, body: answer } = await world.call('POST', path, { body });
      await clock.advance(10);
      if (store.crashed) {
        await world.host.stop();
        store = new CrashingStore(inner, Number.POSITIVE_INFINITY, mode);
        world = await new World(sdkInvoker, {}, store, clock).start();
        await world.host.whenIdle();
      }
      if ([202, 410].includes(status) || answer.includes('already exists')) return;
    }
    throw new Error(`${path} was never acknowledged.`);
  };
  await acknowledged('orchestrators/race/i1', { round: 1 });
  await acknowledged('instances/i1/raiseEvent/Go1', {});
  await acknowledged('instances/i1/raiseEvent/Go2', {});
  await world.host.whenIdle();
  const { runtimeStatus, output } = await world.status();
  return { writes: store.writes, end: { runtimeStatus, output, left: await inner.loadMessages() } };
}

test.each(['before', 'after'] as const)('dying %s each write leaves no message behind', async (mode) => {
  const { writes, end } = await runRace(Number.POSITIVE_INFINITY, mode);
  expect(end).toEqual({ runtimeStatus: 'Completed', output: 2, left: [] });
  expect(writes).toBeGreaterThan(10);
  for (let crashAt = 1; crashAt <= writes; crashAt += 1) {
    expect({ crashAt, end: (await runRace(crashAt, mode)).end }).toEqual({ crashAt, end });
  }
});
