/** Public cases about retries of activities and sub-orchestrations. */
import { df } from '../../local/functions-host/durable/harness/core-module.ts';
import { live, outlined, recorded, withoutName } from '../scenario.ts';
import { attemptsOf } from './shared-functions.ts';

const completed = (output: unknown) => ({ status: 'Completed', output });
const twice = () => new df.RetryOptions(100, 2);

export const retryCases = [
  recorded('retry options that are missing fail the instance', ['Failed', true], async () => {
    const { status, output } = await live(function* (context) {
      const missing = undefined as unknown as InstanceType<typeof df.RetryOptions>;
      yield context.df.callActivityWithRetry('Hello', missing, 'x');
    });
    return [status, /retryOptions/.test(String(output))];
  }),
  recorded(
    'an activity with retry that works at once leaves one action',
    { ...completed('Hello, x!'), events: ['TaskScheduled#0', 'TaskCompleted#0'] },
    () =>
      outlined(function* (context) {
        return yield context.df.callActivityWithRetry('Hello', twice(), 'x');
      }),
  ),
  recorded(
    'after a failure with attempts left a timer is set and nothing else',
    { status: 'Running', output: null, events: ['TaskScheduled#0', 'TaskFailed#0', 'TimerCreated#1'] },
    () =>
      outlined(function* (context) {
        return yield context.df.callActivityWithRetry('FailsFirst', twice(), { key: 'waits', failures: 1 });
      }),
  ),
  recorded('when the timer has fired the activity is tried again', [completed(2), 2], async () => {
    const seen = await live(
      function* (context) {
        return yield context.df.callActivityWithRetry('FailsFirst', twice(), { key: 'again', failures: 1 });
      },
      undefined,
      (world) => world.advance(100),
    );
    return [seen, attemptsOf('again')];
  }),
  recorded(
    'after the last attempt the error reaches the orchestrator, behind a last timer',
    {
      ...completed("Activity function 'FailsFirst' failed:  attempt 2"),
      events: [
        ...['TaskScheduled#0', 'TaskFailed#0', 'TimerCreated#1', 'TimerFired#1'],
        ...['TaskScheduled#2', 'TaskFailed#2', 'TimerCreated#3', 'TimerFired#3'],
      ],
    },
    () =>
      outlined(
        function* (context) {
          try {
            return yield context.df.callActivityWithRetry('FailsFirst', twice(), { key: 'spent', failures: 9 });
          } catch (error) {
            return (error as Error).message.split(' \n')[0];
          }
        },
        undefined,
        (world) => world.advance(1_000),
      ),
  ),
  recorded('a fan-out of retried activities joins', completed([2, 1, 2]), () =>
    live(
      function* (context) {
        const keys = { left: 1, middle: 0, right: 1 };
        const tasks = Object.entries(keys).map(([key, failures]) =>
          context.df.callActivityWithRetry('FailsFirst', twice(), { key, failures }),
        );
        return yield context.df.Task.all(tasks);
      },
      undefined,
      (world) => world.advance(1_000),
    ),
  ),
  recorded('the clock has moved when all retries have failed', completed(100), () =>
    live(
      function* (context) {
        const before = context.df.currentUtcDateTime.getTime();
        try {
          yield context.df.callActivityWithRetry('Throws', twice(), 'x');
        } catch {
          return context.df.currentUtcDateTime.getTime() - before;
        }
        return 'not thrown';
      },
      undefined,
      (world) => world.advance(1_000),
    ),
  ),
  recorded('a sub-orchestration with retry that works at once', completed('Hello, x!'), () =>
    live(function* (context) {
      return yield context.df.callSubOrchestratorWithRetry('SayHello', twice(), 'x', 'fixed');
    }),
  ),
  recorded(
    'a failed sub-orchestration is started again after the timer',
    {
      ...completed(2),
      events: [
        ...['SubOrchestrationInstanceCreated#0', 'SubOrchestrationInstanceFailed#0', 'TimerCreated#1'],
        ...['TimerFired#1', 'SubOrchestrationInstanceCreated#2', 'SubOrchestrationInstanceCompleted#2'],
      ],
    },
    () =>
      outlined(
        function* (context) {
          const input = { key: 'child', failures: 1 };
          return yield context.df.callSubOrchestratorWithRetry('ChildFailsFirst', twice(), input, 'again');
        },
        undefined,
        (world) => world.advance(1_000),
      ),
  ),
  recorded('a sub-orchestration that never works fails its parent', ['Failed', true], async () => {
    const { status, output } = await live(
      function* (context) {
        yield context.df.callSubOrchestratorWithRetry('ChildThrows', twice());
      },
      undefined,
      (world) => world.advance(1_000),
    );
    return [status, withoutName(output).includes("Activity function 'Throws' failed:  child broke")];
  }),
  recorded('a fan-out of retried sub-orchestrations joins', completed(['Hello, a!', 'Hello, b!']), () =>
    live(function* (context) {
      const tasks = ['a', 'b'].map((name) => context.df.callSubOrchestratorWithRetry('SayHello', twice(), name));
      return yield context.df.Task.all(tasks);
    }),
  ),
];
