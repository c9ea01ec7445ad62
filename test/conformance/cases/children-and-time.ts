/** Public cases about sub-orchestrations, continue-as-new, timers, events and custom status. */
import { inHours, live, outlined, passHours, recorded, withoutName } from '../scenario.ts';
import './shared-functions.ts';

const completed = (output: unknown) => ({ status: 'Completed', output });
const running = { status: 'Running', output: null };

const children = [
  recorded(
    'a sub-orchestration is started under the given id',
    { ...completed('Hello, x!'), events: ['SubOrchestrationInstanceCreated#0', 'SubOrchestrationInstanceCompleted#0'] },
    () =>
      outlined(function* (context) {
        return yield context.df.callSubOrchestrator('SayHello', 'x', 'given');
      }),
  ),
  recorded('sub-orchestrations without ids run side by side', completed(['Hello, a!', 'Hello, b!']), () =>
    live(function* (context) {
      return yield context.df.Task.all(['a', 'b'].map((name) => context.df.callSubOrchestrator('SayHello', name)));
    }),
  ),
  recorded('a sub-orchestration without an id gets one from the parent’s execution', true, async () => {
    let id = '';
    await live(
      function* (context) {
        return yield context.df.callSubOrchestrator('SayHello', 'x');
      },
      undefined,
      async (world) => {
        const created = (await world.history()).find((one) => one.EventType === 'SubOrchestrationInstanceCreated');
        id = created?.InstanceId ?? '';
      },
    );
    return /^[0-9a-f]{32}:0$/.test(id);
  }),
  recorded(
    'a failed sub-orchestration fails its parent with nested texts',
    "Orchestrator function 'it' failed: Orchestrator function 'ChildThrows' failed: Activity function 'Throws' failed:",
    async () => {
      const { output } = await live(function* (context) {
        yield context.df.callSubOrchestrator('ChildThrows');
      });
      return withoutName(output).split('  child broke')[0];
    },
  ),
];

const time = [
  recorded('continue-as-new starts over with the new input', completed({ round: 3 }), () =>
    live(
      function* (context) {
        const { round } = context.df.getInput() as { round: number };
        yield context.df.callActivity('Echo', round);
        if (round < 3) context.df.continueAsNew({ round: round + 1 });
        return { round };
      },
      { round: 1 },
    ),
  ),
  recorded('a timer is created and waited for', { ...running, events: ['TimerCreated#0'] }, () =>
    outlined(
      function* (context) {
        yield context.df.createTimer(inHours(context, 1));
      },
      undefined,
      passHours(0.99),
    ),
  ),
  recorded('a fired timer lets it go on', { ...completed('rang'), events: ['TimerCreated#0', 'TimerFired#0'] }, () =>
    outlined(
      function* (context) {
        yield context.df.createTimer(inHours(context, 1));
        return 'rang';
      },
      undefined,
      passHours(1),
    ),
  ),
  recorded('a timer of 10 days starts with a chunk of 3', { ...running, events: ['TimerCreated#0'] }, () =>
    outlined(
      function* (context) {
        yield context.df.createTimer(inHours(context, 240));
      },
      undefined,
      passHours(71),
    ),
  ),
  recorded(
    'a timer of 10 days goes on chunk by chunk',
    { ...running, events: ['TimerCreated#0', 'TimerFired#0', 'TimerCreated#1', 'TimerFired#1', 'TimerCreated#2'] },
    () =>
      outlined(
        function* (context) {
          yield context.df.createTimer(inHours(context, 240));
        },
        undefined,
        passHours(150),
      ),
  ),
  recorded('a timer of 10 days fires after 10 days', completed(240), () =>
    live(
      function* (context) {
        const before = context.df.currentUtcDateTime.getTime();
        yield context.df.createTimer(inHours(context, 240));
        return (context.df.currentUtcDateTime.getTime() - before) / 3_600_000;
      },
      undefined,
      passHours(240),
    ),
  ),
];

const events = [
  recorded('a wait for an event leaves nothing in the history', { ...running, events: [] }, () =>
    outlined(function* (context) {
      yield context.df.waitForExternalEvent('start');
    }),
  ),
  recorded('the event of that name lets it go on with its content', completed({ by: 'me' }), () =>
    live(
      function* (context) {
        return yield context.df.waitForExternalEvent('start');
      },
      undefined,
      (world) => world.raise('start', { by: 'me' }),
    ),
  ),
  recorded('an event of another name does not', running, () =>
    live(
      function* (context) {
        yield context.df.waitForExternalEvent('start');
      },
      undefined,
      (world) => world.raise('begin', 1),
    ),
  ),
  recorded('a custom status is seen while it runs', { at: 'half' }, async () => {
    let seen: unknown;
    await live(
      function* (context) {
        context.df.setCustomStatus({ at: 'half' });
        yield context.df.waitForExternalEvent('never');
      },
      undefined,
      async (world) => {
        seen = (await world.status()).customStatus;
      },
    );
    return seen;
  }),
];

export const childAndTimeCases = [...children, ...time, ...events];
