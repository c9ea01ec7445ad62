/** Orchestrations whose activities do nothing, so that what is measured is the host. */
const { app } = require('@azure/functions');
const df = require('durable-functions');

df.app.activity('echo', { handler: (input) => input });

df.app.orchestration('chain', function* chain(context) {
  let value = { n: 0 };
  for (let step = 0; step < 5; step += 1) value = yield context.df.callActivity('echo', { n: value.n + 1 });
  return value;
});

df.app.orchestration('fanOut', function* fanOut(context) {
  const tasks = Array.from({ length: 50 }, (_, n) => context.df.callActivity('echo', { n }));
  const results = yield context.df.Task.all(tasks);
  return results.length;
});

df.app.orchestration('approval', function* approval(context) {
  const deadline = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 86_400_000));
  const approved = context.df.waitForExternalEvent('Approved');
  const winner = yield context.df.Task.any([approved, deadline]);
  if (winner === approved) deadline.cancel();
  return winner === approved;
});

df.app.orchestration('grown', function* grown(context) {
  const { bulk, steps } = context.df.getInput();
  const tasks = Array.from({ length: bulk }, (_, n) => context.df.callActivity('echo', { n }));
  if (bulk > 0) yield context.df.Task.all(tasks);
  for (let step = 0; step < steps; step += 1) yield context.df.callActivity('echo', { step });
  return steps;
});

app.get('ping', async () => ({ body: 'pong' }));
