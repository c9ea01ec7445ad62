/** The host dies at every single write of a run and goes on after a restart: same end, nothing twice, nothing lost. */
import { expect, test } from 'vitest';
import { ManualClock } from '../../../../local/emulator/manual-clock.ts';
import { MemoryStore } from '../../../../local/functions-host/durable/store/memory-store.ts';
import { df, sdkInvoker } from './harness/core-module.ts';
import { CrashingStore, type CrashMode } from './harness/crashing-store.ts';
import { World } from './harness/virtual-world.ts';

const HOUR_MS = 3_600_000;

df.app.activity('double', { handler: (input: unknown) => (input as number) * 2 });
df.app.activity('refuses', {
  handler: () => {
    throw new Error('never');
  },
});
df.app.entity('Tally', (context) => {
  const current = context.df.getState(() => 0) as number;
  if (context.df.operationName === 'get') context.df.return(current);
  else context.df.setState(current + (context.df.getInput() as number));
  if (context.df.operationName === 'pass') context.df.signalEntity(new df.EntityId('Tally', 'second'), 'add', 100);
});
df.app.orchestration('kid', function* (context) {
  const tally = new df.EntityId('Tally', 'first');
  context.df.signalEntity(tally, 'add', 1);
  return yield context.df.callActivity('double', context.df.getInput());
});
df.app.orchestration('story', function* (context) {
  const { round } = context.df.getInput() as { round: number };
  const tally = new df.EntityId('Tally', 'first');
  const kids = [context.df.callSubOrchestrator('kid', 2), context.df.callSubOrchestrator('kid', 3, `kid-${round}`)];
  const doubled = (yield context.df.Task.all(kids)) as number[];
  const timer = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 24 * HOUR_MS));
  const event = context.df.waitForExternalEvent('Go');
  const winner: unknown = yield context.df.Task.any([event, timer]);
  if (winner === event) timer.cancel();
  let refused = '';
  try {
    yield context.df.callActivityWithRetry('refuses', new df.RetryOptions(1000, 2));
  } catch (error) {
    refused = (error as Error).message.split(' \n')[0] ?? '';
  }
  yield context.df.callEntity(tally, 'pass', 10);
  context.df.setCustomStatus({ round });
  if (round < 2) {
    context.df.continueAsNew({ round: round + 1 });
    return 'ignored';
  }
  const total: unknown = yield context.df.callEntity(tally, 'get');
  return { doubled, refused, total };
});

interface End {
  readonly writes: number;
  readonly crashes: number;
  readonly state: unknown;
}

/** Clients repeat what was not acknowledged; a start that is refused because it worked counts as acknowledged. */
async function runStory(crashAt: number, mode: CrashMode, recovers = false): Promise<End> {
  const inner = new MemoryStore();
  const clock = new ManualClock();
  let crashes = 0;
  let store = new CrashingStore(inner, crashAt, mode, recovers);
  let world = await new World(sdkInvoker, {}, store, clock).start();
  const survive = async () => {
    if (!store.crashed) return;
    crashes += 1;
    await world.host.stop();
    store = new CrashingStore(inner, Number.POSITIVE_INFINITY, mode);
    world = await new World(sdkInvoker, {}, store, clock).start();
  };
  const acknowledged = async (path: string, body: unknown) => {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const { status, body: answer } = await world.call('POST', path, { body });
      await clock.advance(0);
      await survive();
      if (status === 202 || answer.includes('already exists')) return;
    }
    throw new Error(`${path} was never acknowledged.`);
  };
  const pass = async (hours: number) => {
    for (let hour = 0; hour < hours; hour += 1) {
      await clock.advance(HOUR_MS);
      await survive();
    }
  };
  await acknowledged('orchestrators/story/main', { round: 1 });
  await pass(1);
  await acknowledged('instances/main/raiseEvent/Go', { go: 1 });
  await pass(30);
  await clock.advance(0);
  await survive();
  await pass(1);
  const entity = async (key: string) => (await world.call('GET', `entities/Tally/${key}`)).body;
  const { runtimeStatus, output, customStatus } = await world.status('main');
  const kid = await world.status('kid-2');
  const left = (await inner.loadMessages()).filter(({ instanceId }) => !instanceId.startsWith('@'));
  const main = { runtimeStatus, output, customStatus };
  const tallies = [await entity('first'), await entity('second')];
  return { writes: store.writes, crashes, state: { main, kid: kid.output, tallies, left: left.length } };
}

test('the undisturbed run ends as the story says', async () => {
  const { state } = await runStory(Number.POSITIVE_INFINITY, 'before');
  expect(state).toEqual({
    main: {
      runtimeStatus: 'Completed',
      output: {
        doubled: [4, 6],
        refused: "Activity function 'refuses' failed:  never",
        total: 24,
      },
      customStatus: { round: 2 },
    },
    kid: 6,
    tallies: ['24', '200'],
    left: 0,
  });
});

test.each(['before', 'after'] as const)(
  'dying %s each write changes nothing about the end',
  async (mode) => {
    const undisturbed = await runStory(Number.POSITIVE_INFINITY, mode);
    expect(undisturbed.writes).toBeGreaterThan(60);
    for (let crashAt = 1; crashAt <= undisturbed.writes; crashAt += 1) {
      const { state, crashes } = await runStory(crashAt, mode);
      expect({ crashAt, crashes, state }).toEqual({ crashAt, crashes: 1, state: undisturbed.state });
    }
  },
  120_000,
);

test.each(['before', 'after'] as const)(
  'a store that fails once %s each write changes nothing about the end',
  async (mode) => {
    const undisturbed = await runStory(Number.POSITIVE_INFINITY, mode);
    for (let failAt = 1; failAt <= undisturbed.writes; failAt += 1) {
      const { state } = await runStory(failAt, mode, true);
      expect({ failAt, state }).toEqual({ failAt, state: undisturbed.state });
    }
  },
  120_000,
);
