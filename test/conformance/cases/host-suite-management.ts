/** Cases of the public host suite about events, queries, purges, rewinds, suspension, termination and deadlines. */
import { df } from '../../local/functions-host/durable/harness/core-module.ts';
import type { World } from '../../local/functions-host/durable/harness/virtual-world.ts';
import { hostSuite, inHours, newWorld, orchestrator } from '../scenario.ts';
import { attemptsOf } from './shared-functions.ts';

const long = orchestrator(function* (context) {
  yield context.df.createTimer(inHours(context, 10));
});
const short = orchestrator(function* (context) {
  return yield context.df.callActivity('Hello', 'x');
});
const waits = orchestrator(function* (context) {
  return yield context.df.waitForExternalEvent('Approval');
});
const counts = orchestrator(function* (context) {
  yield context.df.callEntity(new df.EntityId('Counter', 'myEntity'), 'add', 1);
});
const failingChild = orchestrator(function* (context) {
  const { name, failures } = context.df.getInput() as { name: string; failures: number };
  const counter = new df.EntityId('Counter', 'rewound');
  context.df.signalEntity(counter, 'add', 1);
  yield context.df.Task.all([
    context.df.callActivity('FailsFirst', { key: `${name}.succeeds`, failures: 0 }),
    context.df.callActivity('FailsFirst', { key: `${name}.fails`, failures }),
    context.df.callEntity(counter, 'get'),
  ]);
});
const failingParent = orchestrator(function* (context) {
  const failures = context.df.getInput() as number;
  const tasks = ['a', 'b'].map((name) =>
    context.df.callSubOrchestrator(failingChild, { name: `${name}${failures}`, failures }),
  );
  yield context.df.Task.all([context.df.callSubOrchestrator('SayHello', 'x'), ...tasks]);
  return 'rewound';
});

/** Starts `name` as i1, then posts to it; the statuses of the answers and of the instance. */
async function post(name: string, ...operations: readonly string[]): Promise<unknown[]> {
  return inWorld(async (world) => {
    await world.begin(name);
    const answers: unknown[] = [];
    for (const operation of operations) {
      answers.push((await world.call('POST', `instances/i1/${operation}`, { body: 'content' })).status);
      await world.host.whenIdle();
    }
    return [...answers, (await world.status()).runtimeStatus];
  });
}

async function inWorld<T>(use: (world: World) => Promise<T>): Promise<T> {
  const world = await newWorld();
  const result = await use(world);
  await world.host.stop();
  return result;
}

async function rewindUntilDone(world: World, times: number): Promise<unknown> {
  await world.begin(failingParent, times);
  const before = (await world.status()).runtimeStatus;
  for (let time = 0; time < times; time += 1) {
    await world.call('POST', 'instances/i1/rewind?reason=again');
    await world.host.whenIdle();
  }
  const runs = ['a', 'b'].map((name) => [attemptsOf(`${name}${times}.succeeds`), attemptsOf(`${name}${times}.fails`)]);
  const { body } = await world.call('GET', 'entities/Counter/rewound');
  return [before, (await world.status()).runtimeStatus, runs, Number(body)];
}

const fiveHours = orchestrator(function* (context) {
  yield context.df.createTimer(inHours(context, 5));
  return 'completed';
});

/** A deadline of so many hours, as its input says, against work of 5 hours. */
const deadline = orchestrator(function* (context) {
  const work = context.df.callSubOrchestrator(fiveHours);
  const timer = context.df.createTimer(inHours(context, context.df.getInput() as number));
  const first: unknown = yield context.df.Task.any([work, timer]);
  if (first === timer) return 'timed out';
  timer.cancel();
  return work.result;
});

export const hostSuiteManagement = [
  hostSuite(
    'an event completes the instance that waits for it; a second one finds it gone',
    [202, 410, 'Completed'],
    () => post(waits, 'raiseEvent/Approval', 'raiseEvent/Approval'),
  ),
  hostSuite('an event for an unknown instance is 404', 404, () =>
    inWorld(async (world) => (await world.call('POST', 'instances/none/raiseEvent/Approval', { body: 1 })).status),
  ),
  hostSuite('all instances are listed', [200, 2], () =>
    inWorld(async (world) => {
      await world.begin(short, undefined, 'one');
      await world.begin(long, undefined, 'two');
      const { status, body } = await world.call('GET', 'instances');
      return [status, (JSON.parse(body) as unknown[]).length];
    }),
  ),
  hostSuite('running instances are listed alone', ['two'], () =>
    inWorld(async (world) => {
      await world.begin(short, undefined, 'one');
      await world.begin(long, undefined, 'two');
      const { body } = await world.call('GET', 'instances?runtimeStatus=Running');
      return (JSON.parse(body) as { instanceId: string }[]).map(({ instanceId }) => instanceId);
    }),
  ),
  ...['', '&createdTimeTo=2027-01-01T00:00:00Z'].map((until) =>
    hostSuite(
      `a purge from a time on${until ? ' until another' : ''} says how many it removed`,
      { instancesDeleted: 1 },
      () =>
        inWorld(async (world) => {
          await world.begin(short);
          const { body } = await world.call('DELETE', `instances?createdTimeFrom=2025-01-01T00:00:00Z${until}`);
          return JSON.parse(body);
        }),
    ),
  ),
  hostSuite('an entity is purged by its id; an unknown one is 404', [{ instancesDeleted: 1 }, 404], () =>
    inWorld(async (world) => {
      await world.begin(counts);
      const { body } = await world.call('DELETE', 'instances/@counter@myEntity');
      return [JSON.parse(body), (await world.call('DELETE', 'instances/@counter3@myEntity')).status];
    }),
  ),
  ...[1, 2].map((times) =>
    hostSuite(
      `after ${times} rewinds only what failed has run again`,
      [
        'Failed',
        'Completed',
        [
          [1, 1 + times],
          [1, 1 + times],
        ],
        2,
      ],
      () => inWorld((world) => rewindUntilDone(world, times)),
    ),
  ),
  hostSuite('a completed instance cannot be rewound', [412, 'Completed'], () => post(short, 'rewind?reason=x')),
  hostSuite('a running instance cannot be rewound', [412, 'Running'], () => post(long, 'rewind?reason=x')),
  hostSuite('a terminated instance cannot be rewound', [202, 412, 'Terminated'], () =>
    post(long, 'terminate?reason=x', 'rewind?reason=x'),
  ),
  hostSuite('an unknown instance cannot be rewound', 404, () =>
    inWorld(async (world) => (await world.call('POST', 'instances/none/rewind?reason=x')).status),
  ),
  hostSuite('an instance is suspended', [202, 'Suspended'], () => post(long, 'suspend?reason=x')),
  hostSuite('a suspended instance is resumed', [202, 202, 'Running'], () => post(long, 'suspend', 'resume')),
  hostSuite('suspending twice is 500', [202, 500, 'Suspended'], () => post(long, 'suspend', 'suspend')),
  hostSuite('resuming a running instance is 500', [500, 'Running'], () => post(long, 'resume')),
  hostSuite('suspending and resuming a completed instance is 410', [410, 410, 'Completed'], () =>
    post(short, 'suspend', 'resume'),
  ),
  hostSuite('an instance is terminated', [202, 'Terminated'], () => post(long, 'terminate?reason=x')),
  hostSuite('terminating twice is 410', [202, 410, 'Terminated'], () =>
    post(long, 'terminate?reason=x', 'terminate?reason=x'),
  ),
  hostSuite('terminating a completed instance is 410', [410, 'Completed'], () => post(short, 'terminate?reason=x')),
  hostSuite('terminating an unknown instance is 404', 404, () =>
    inWorld(async (world) => (await world.call('POST', 'instances/none/terminate?reason=x')).status),
  ),
  ...(
    [
      [2, 'timed out'],
      [10, 'completed'],
    ] as const
  ).map(([hours, output]) =>
    hostSuite(`work of 5 hours under a deadline of ${hours} is ${output}`, output, () =>
      inWorld(async (world) => {
        await world.begin(deadline, hours);
        await world.advance(11 * 3_600_000);
        return (await world.status()).output;
      }),
    ),
  ),
];
