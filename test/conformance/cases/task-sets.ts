/** Public cases about Task.all and Task.any; the parallel tasks are events and timers, whose order a test can choose. */
import type { World } from '../../local/functions-host/durable/harness/virtual-world.ts';
import { inHours, live, outlined, passHours, recorded, withoutName } from '../scenario.ts';
import './shared-functions.ts';

const completed = (output: unknown) => ({ status: 'Completed', output });
const running = { status: 'Running', output: null };

const raise =
  (...names: readonly string[]) =>
  async (world: World) => {
    for (const name of names) await world.raise(name, name);
  };

const all = [
  recorded(
    'Task.all schedules its tasks together',
    {
      ...completed(['Hello, a!', 'Hello, b!']),
      events: ['TaskScheduled#0', 'TaskScheduled#1', 'TaskCompleted#0', 'TaskCompleted#1'],
    },
    () =>
      outlined(function* (context) {
        return yield context.df.Task.all(['a', 'b'].map((name) => context.df.callActivity('Hello', name)));
      }),
  ),
  recorded('Task.all waits while one task is open', running, () =>
    live(
      function* (context) {
        const names = ['a', 'b', 'c'];
        return yield context.df.Task.all(names.map((name) => context.df.waitForExternalEvent(name)));
      },
      undefined,
      raise('a', 'c'),
    ),
  ),
  recorded('Task.all gives the results in the order of its tasks', completed(['a', 'b', 'c']), () =>
    live(
      function* (context) {
        const names = ['a', 'b', 'c'];
        return yield context.df.Task.all(names.map((name) => context.df.waitForExternalEvent(name)));
      },
      undefined,
      raise('c', 'a', 'b'),
    ),
  ),
  recorded('Task.all throws when a task failed', ['Failed', true], async () => {
    const { status, output } = await live(function* (context) {
      yield context.df.Task.all([context.df.callActivity('Hello', 'a'), context.df.callActivity('Throws', 'broken')]);
    });
    return [status, withoutName(output).includes("Activity function 'Throws' failed:  broken")];
  }),
];

const any = [
  ...[0, 1].map((winner) =>
    recorded(`Task.any gives the task that came first, number ${winner}`, completed([winner, `e${winner}`]), () =>
      live(
        function* (context) {
          const tasks = ['e0', 'e1'].map((name) => context.df.waitForExternalEvent(name));
          const index = tasks.indexOf(yield context.df.Task.any(tasks));
          return [index, tasks[index]?.result];
        },
        undefined,
        raise(`e${winner}`),
      ),
    ),
  ),
  ...(
    [
      ['the set', raise('a', 'b')],
      ['the timer', passHours(1)],
    ] as const
  ).map(([winner, drive]) =>
    recorded(`of a set of tasks and a timer ${winner} can win`, completed(winner), () =>
      live(
        function* (context) {
          const set = context.df.Task.all(['a', 'b'].map((name) => context.df.waitForExternalEvent(name)));
          const timer = context.df.createTimer(inHours(context, 1));
          const first: unknown = yield context.df.Task.any([set, timer]);
          if (first === timer) return 'the timer';
          timer.cancel();
          return 'the set';
        },
        undefined,
        drive,
      ),
    ),
  ),
  recorded(
    'a task raced in Task.any and yielded afterwards is scheduled once',
    {
      ...completed(['Hello, a!', 'Hello, b!']),
      events: ['TaskScheduled#0', 'TaskScheduled#1', 'TaskCompleted#0', 'TaskCompleted#1'],
    },
    () =>
      outlined(function* (context) {
        const [a, b] = [context.df.callActivity('Hello', 'a'), context.df.callActivity('Hello', 'b')];
        yield context.df.Task.any([a, b]);
        return [yield a, yield b];
      }),
  ),
  recorded('a fresh timer in each round keeps a race deterministic', completed(['timer', 'timer', 'event']), () =>
    live(
      function* (context) {
        const winners: string[] = [];
        const event = context.df.waitForExternalEvent('Go');
        for (let round = 0; round < 3; round += 1) {
          const timer = context.df.createTimer(inHours(context, 1));
          const first: unknown = yield context.df.Task.any([event, timer]);
          if (first === event) timer.cancel();
          winners.push(first === event ? 'event' : 'timer');
        }
        return winners;
      },
      undefined,
      async (world) => {
        await passHours(1)(world);
        await passHours(1)(world);
        await world.raise('Go', 1);
      },
    ),
  ),
  ...(['all', 'any'] as const).map((kind) =>
    recorded(`Task.${kind} of nothing fails the instance`, 'Failed', async () => {
      const { status } = await live(function* (context) {
        yield context.df.Task[kind]([]);
      });
      return status;
    }),
  ),
];

export const taskSetCases = [...all, ...any];
