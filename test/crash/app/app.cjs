/** A run with children, timers, events, retries, a fan-out, entities and two rounds by continue-as-new. */
const { appendFileSync } = require('node:fs');
const df = require('durable-functions');

/** Every execution of an activity leaves a line, so that a test can tell "at least once" from "not at all". */
function note(context, what) {
  appendFileSync(process.env.CRASH_ACTIVITY_LOG, `${context.triggerMetadata.instanceId} ${what}\n`);
}

df.app.activity('double', {
  handler: (input, context) => {
    note(context, `double ${input.value}`);
    return { value: input.value * 2 };
  },
});
df.app.activity('refuse', {
  handler: (_input, context) => {
    note(context, 'refuse');
    throw new Error('never');
  },
});

df.app.entity('tally', (context) => {
  const total = context.df.getState(() => 0) + context.df.getInput().by;
  context.df.setState(total);
  context.df.return({ total });
  if (context.df.operationName === 'pass') {
    context.df.signalEntity(new df.EntityId('tally', 'everybody'), 'add', { by: 1 });
  }
});

df.app.orchestration('kid', function* kid(context) {
  const { value } = context.df.getInput();
  context.df.signalEntity(new df.EntityId('tally', 'kids'), 'add', { by: value });
  const doubled = yield context.df.callActivity('double', { value });
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 50));
  return doubled;
});

function* approval(context, round) {
  const deadline = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 3_600_000));
  const approved = context.df.waitForExternalEvent(`Go${round}`);
  context.df.setCustomStatus({ waitingFor: round });
  const winner = yield context.df.Task.any([approved, deadline]);
  if (winner === approved) deadline.cancel();
  return winner === approved ? approved.result.by : 'nobody';
}

function* refused(context) {
  try {
    yield context.df.callActivityWithRetry('refuse', new df.RetryOptions(50, 2));
    return '';
  } catch (error) {
    return error.message.split(' \n')[0];
  }
}

df.app.orchestration('journey', function* journey(context) {
  const { value, round, by } = context.df.getInput();
  const own = new df.EntityId('tally', context.df.instanceId);
  const kids = yield context.df.Task.all([
    context.df.callSubOrchestrator('kid', { value }),
    context.df.callSubOrchestrator('kid', { value: value + 1 }, `${context.df.instanceId}.kid${round}`),
  ]);
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 100));
  const approver = yield* approval(context, round);
  const reason = yield* refused(context);
  const fan = yield context.df.Task.all([1, 2, 3, 4, 5].map((n) => context.df.callActivity('double', { value: n })));
  context.df.signalEntity(own, 'add', { by: 1 });
  const { total } = yield context.df.callEntity(own, 'pass', { by: 10 });
  if (round === 1) {
    context.df.continueAsNew({ value, round: 2, by: [approver] });
    return 'continued';
  }
  return { kids: kids.map((kid) => kid.value), fan: fan.map((one) => one.value), total, reason, by: [...by, approver] };
});
