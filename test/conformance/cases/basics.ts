/** Public cases about the orchestrator itself: results, properties, failures, activities. */
import type { Task } from 'durable-functions';
import { inHours, live, outlined, passHours, recorded, withoutName } from '../scenario.ts';
import './shared-functions.ts';

const FALSY = [0, '', false, null] as const;
const completed = (output: unknown) => ({ status: 'Completed', output });

const results = [
  recorded('an orchestrator that yields nothing completes', completed('done'), () =>
    // biome-ignore lint/correctness/useYield: that it yields nothing is the case
    live(function* () {
      return 'done';
    }),
  ),
  ...FALSY.map((value) =>
    recorded(`returning ${JSON.stringify(value)} keeps the value`, completed(value), () =>
      // biome-ignore lint/correctness/useYield: that it yields nothing is the case
      live(function* () {
        return value;
      }),
    ),
  ),
  recorded('returning nothing gives null', completed(null), () => live(function* () {})),
  recorded('yielding something that is no task fails the instance', ['Failed', true], async () => {
    const { status, output } = await live(function* () {
      yield 4 as unknown as Task;
    });
    return [status, withoutName(output).startsWith("Orchestrator function 'it' failed: Durable Functions programming")];
  }),
];

const properties = [
  recorded('instanceId is the id given at the start', completed('i1'), () =>
    // biome-ignore lint/correctness/useYield: reading a property needs no task
    live(function* (context) {
      return context.df.instanceId;
    }),
  ),
  recorded('parentInstanceId is the parent in a child', completed('i1'), () =>
    live(function* (context) {
      return yield context.df.callSubOrchestrator('TellsParent');
    }),
  ),
  recorded('isReplaying is true before, false after the newest result', completed([true, true, false]), () =>
    live(function* (context) {
      const flags = [context.df.isReplaying];
      yield context.df.callActivity('Echo', 1);
      flags.push(context.df.isReplaying);
      yield context.df.callActivity('Echo', 2);
      return [...flags, context.df.isReplaying];
    }),
  ),
  recorded('currentUtcDateTime is the time of the newest turn', completed(2), () =>
    live(
      function* (context) {
        const before = context.df.currentUtcDateTime.getTime();
        yield context.df.createTimer(inHours(context, 2));
        return (context.df.currentUtcDateTime.getTime() - before) / 3_600_000;
      },
      undefined,
      passHours(2),
    ),
  ),
  recorded('currentUtcDateTime stands still within a turn', completed(true), () =>
    // biome-ignore lint/correctness/useYield: within one turn is the case
    live(function* (context) {
      const [first, second] = [context.df.currentUtcDateTime, context.df.currentUtcDateTime];
      return first.getTime() === second.getTime();
    }),
  ),
  recorded('newGuid gives different guids, the same in each replay', completed([true, true]), () =>
    live(function* (context) {
      const [first, second] = [context.df.newGuid('i'), context.df.newGuid('i')];
      const echoed: unknown = yield context.df.callActivity('Echo', first);
      return [first !== second, echoed === first];
    }),
  ),
];

const failures = [
  recorded('an error thrown by the orchestrator fails it', ['Failed', "Orchestrator function 'it' failed: own"], () =>
    // biome-ignore lint/correctness/useYield: that it throws first is the case
    live(function* () {
      throw new Error('own');
    }).then(({ status, output }) => [status, withoutName(output)]),
  ),
  recorded(
    'an activity’s error that nobody catches fails it with both texts',
    ['Failed', "Orchestrator function 'it' failed: Activity function 'Throws' failed:  broken"],
    () =>
      live(function* (context) {
        yield context.df.callActivity('Throws', 'broken');
      }).then(({ status, output }) => [status, withoutName(output).split(' \n')[0]]),
  ),
  recorded(
    'after a caught error the next activity is scheduled',
    {
      ...completed('Hello, again!'),
      events: ['TaskScheduled#0', 'TaskFailed#0', 'TaskScheduled#1', 'TaskCompleted#1'],
    },
    () =>
      outlined(function* (context) {
        try {
          yield context.df.callActivity('Throws', 'broken');
        } catch {
          return yield context.df.callActivity('Hello', 'again');
        }
        return 'not thrown';
      }),
  ),
];

const activities = [
  recorded(
    'an activity is scheduled and its result returned',
    { ...completed('Hello, World!'), events: ['TaskScheduled#0', 'TaskCompleted#0'] },
    () =>
      outlined(function* (context) {
        return yield context.df.callActivity('Hello', 'World');
      }),
  ),
  recorded('an activity called without input sees undefined', completed('undefined undefined'), () =>
    live(function* (context) {
      return yield context.df.callActivity('TypeOf');
    }),
  ),
  ...[0, ''].map((value) =>
    recorded(
      `an activity receives ${JSON.stringify(value)}`,
      completed(`${typeof value} ${JSON.stringify(value)}`),
      () =>
        live(function* (context) {
          return yield context.df.callActivity('TypeOf', value);
        }),
    ),
  ),
  ...FALSY.filter((value) => value !== false).map((value) =>
    recorded(`an activity’s result ${JSON.stringify(value)} is kept`, completed({ value }), () =>
      live(function* (context) {
        const { value: kept } = (yield context.df.callActivity('Echo', { value })) as { value: unknown };
        return { value: kept };
      }),
    ),
  ),
  recorded(
    'a task yielded twice is scheduled once',
    { ...completed(['Hello, a!', 'Hello, a!']), events: ['TaskScheduled#0', 'TaskCompleted#0'] },
    () =>
      outlined(function* (context) {
        const task = context.df.callActivity('Hello', 'a');
        return [yield task, yield task];
      }),
  ),
  recorded('a series of activities runs in order', completed(['Hello, a!', 'Hello, b!', 'Hello, c!']), () =>
    live(function* (context) {
      const greetings: unknown[] = [];
      for (const name of ['a', 'b', 'c']) greetings.push(yield context.df.callActivity('Hello', name));
      return greetings;
    }),
  ),
];

export const basicCases = [...results, ...properties, ...failures, ...activities];
