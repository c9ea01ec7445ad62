/** Cases of the public host suite about what orchestrations compute, catch and retry. */
import { df } from '../../local/functions-host/durable/harness/core-module.ts';
import { hostSuite, live, withoutName } from '../scenario.ts';
import './shared-functions.ts';

const completed = (output: unknown) => ({ status: 'Completed', output });
const firstLine = (error: unknown) => (error as Error).message.split(' \n')[0];

let entityFailuresLeft = 1;
df.app.entity('Moody', (context) => {
  if (context.df.operationName === 'fail') throw new Error('in a mood');
  if (context.df.operationName === 'failOnce' && entityFailuresLeft > 0) {
    entityFailuresLeft -= 1;
    throw new Error('only once');
  }
  context.df.return('Success');
});
const moody = new df.EntityId('Moody', 'one');

df.app.entity('Settings', (context) => {
  if (context.df.operationName === 'set') context.df.setState({ text: `Number: ${String(context.df.getInput())}` });
  else context.df.return((context.df.getState() as { text: string }).text);
});

const inputs: readonly (readonly [string, unknown])[] = [
  ['bytes', [1, 2, 3, 4, 5]],
  ['no bytes', []],
  ['a number', 42],
  ['an object', { name: 'Test', age: 25, data: [1, 2, 3], duration: 3_600_000 }],
  ['a text', 'Test string input'],
  [
    'objects',
    [
      { name: 'Test1', data: [1] },
      { name: 'Test2', data: [] },
    ],
  ],
];

export const hostSuiteFlows = [
  hostSuite('a chain of greetings completes', completed(['Hello, Tokyo!', 'Hello, Seattle!', 'Hello, London!']), () =>
    live(function* (context) {
      const greetings: unknown[] = [];
      for (const city of ['Tokyo', 'Seattle', 'London']) greetings.push(yield context.df.callActivity('Hello', city));
      return greetings;
    }),
  ),
  ...inputs.map(([what, input]) =>
    hostSuite(`an activity receives ${what} as sent`, completed(input), () =>
      live(function* (context) {
        return yield context.df.callActivity('Echo', input);
      }),
    ),
  ),
  hostSuite('an entity keeps what one call set for the next', completed('Number: 42'), () =>
    live(function* (context) {
      const settings = new df.EntityId('Settings', 'singleton');
      yield context.df.callEntity(settings, 'set', 42);
      return yield context.df.callEntity(settings, 'get');
    }),
  ),
  hostSuite(
    'an activity’s error thrown on fails the instance with the activity’s text',
    ['Failed', "Orchestrator function 'it' failed: Activity function 'Throws' failed:  This activity failed"],
    async () => {
      const { status, output } = await live(function* (context) {
        yield context.df.callActivity('Throws', 'This activity failed');
      });
      return [status, withoutName(output).split(' \n')[0]];
    },
  ),
  hostSuite(
    'an entity’s error thrown on fails the instance',
    ['Failed', "Orchestrator function 'it' failed: "],
    async () => {
      const { status, output } = await live(function* (context) {
        yield context.df.callEntity(moody, 'fail');
      });
      return [status, withoutName(output).slice(0, 35)];
    },
  ),
  hostSuite(
    'a caught activity error is a value',
    completed("Activity function 'Throws' failed:  This activity failed"),
    () =>
      live(function* (context) {
        try {
          return yield context.df.callActivity('Throws', 'This activity failed');
        } catch (error) {
          return firstLine(error);
        }
      }),
  ),
  hostSuite('a caught entity error is a value, of an Error only its kind', completed('[object Object]'), () =>
    live(function* (context) {
      try {
        return yield context.df.callEntity(moody, 'fail');
      } catch (error) {
        return (error as Error).message;
      }
    }),
  ),
  hostSuite('an activity that fails once works by retry', completed(2), () =>
    live(
      function* (context) {
        const options = new df.RetryOptions(100, 3);
        return yield context.df.callActivityWithRetry('FailsFirst', options, { key: 'host suite', failures: 1 });
      },
      undefined,
      (world) => world.advance(100),
    ),
  ),
  hostSuite('an entity that fails once works when it is called again', completed('Success'), () =>
    live(function* (context) {
      try {
        return yield context.df.callEntity(moody, 'failOnce');
      } catch {
        return yield context.df.callEntity(moody, 'failOnce');
      }
    }),
  ),
  hostSuite('of four looks at isReplaying only the last is live', completed([true, true, true, false]), () =>
    live(function* (context) {
      const looks = [context.df.isReplaying];
      for (const step of [1, 2, 3]) {
        yield context.df.callActivity('Echo', step);
        looks.push(context.df.isReplaying);
      }
      return looks;
    }),
  ),
  ...[65, 4_608].map((kilobytes) =>
    hostSuite(`an output of ${kilobytes} KB comes back whole`, ['Completed', kilobytes * 1024], async () => {
      const { status, output } = await live(function* (context) {
        yield context.df.callActivity('Hello', 'Tokyo');
        return 'A'.repeat(kilobytes * 1024);
      });
      return [status, String(output).length];
    }),
  ),
];
