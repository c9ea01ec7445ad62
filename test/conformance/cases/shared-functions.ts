/** Activities, entities and children that several cases call. */
import { df } from '../../local/functions-host/durable/harness/core-module.ts';

const attempts = new Map<string, number>();

df.app.activity('Hello', { handler: (name: unknown) => `Hello, ${String(name)}!` });
df.app.activity('Echo', { handler: (input: unknown) => input });
df.app.activity('TypeOf', { handler: (input: unknown) => `${typeof input} ${JSON.stringify(input)}` });
df.app.activity('Throws', {
  handler: (message: unknown) => {
    throw new Error(String(message ?? 'no reason'));
  },
});
/** Fails until it was called `failures` times for the same key. */
df.app.activity('FailsFirst', {
  handler: (input: unknown) => {
    const { key, failures } = input as { key: string; failures: number };
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    if (attempt <= failures) throw new Error(`attempt ${attempt}`);
    return attempt;
  },
});

export function attemptsOf(key: string): number {
  return attempts.get(key) ?? 0;
}

df.app.orchestration('SayHello', function* (context) {
  return yield context.df.callActivity('Hello', context.df.getInput());
});
df.app.orchestration('ChildThrows', function* (context) {
  yield context.df.callActivity('Throws', 'child broke');
});
df.app.orchestration('ChildFailsFirst', function* (context) {
  return yield context.df.callActivity('FailsFirst', context.df.getInput());
});
df.app.orchestration('TellsParent', function* (context) {
  yield context.df.callActivity('Echo', 1);
  return context.df.parentInstanceId;
});

df.app.entity('Counter', (context) => {
  const current = context.df.getState(() => 0) as number;
  switch (context.df.operationName) {
    case 'add':
      context.df.setState(current + (context.df.getInput() as number));
      break;
    case 'get':
      context.df.return(current);
      break;
    default:
      throw new Error('Unknown operation.');
  }
});
