/** Traps of values and of failures elsewhere, as the real engine sets them. */
import { beforeEach, describe, expect, test } from 'vitest';
import { df, sdkInvoker } from './harness/core-module.ts';
import { World } from './harness/virtual-world.ts';

df.app.activity('echo', { handler: (input: unknown) => input });
df.app.orchestration('waits', function* (context) {
  return yield context.df.waitForExternalEvent('Go');
});
df.app.orchestration('textContinues', function* (context) {
  const input: unknown = yield context.df.callActivity('echo', context.df.getInput());
  if (input === 'start') context.df.continueAsNew('x');
  return input;
});
df.app.orchestration('bigStatus', function* (context) {
  context.df.setCustomStatus('x'.repeat(9000));
  return yield context.df.callActivity('echo', 1);
});
df.app.orchestration('falsyStatus', function* (context) {
  context.df.setCustomStatus({ set: 1 });
  yield context.df.callActivity('echo', 1);
  context.df.setCustomStatus(0);
  return yield context.df.callActivity('echo', 2);
});
df.app.orchestration('unknownActivity', function* (context) {
  return yield context.df.callActivity('noSuchActivity');
});
df.app.orchestration('terminatedChild', function* (context) {
  return yield context.df.callSubOrchestrator('waits', null, 'kid');
});
df.app.orchestration('timestampInput', function* (context) {
  const input = context.df.getInput() as { Timestamp: unknown };
  yield context.df.callActivity('echo', 1);
  return input.Timestamp instanceof Date ? 'a Date' : typeof input.Timestamp;
});

let world: World;
beforeEach(async () => {
  world = await new World(sdkInvoker).start();
});

describe('values', () => {
  test('a text given to continue-as-new comes back with quotes', async () => {
    await world.begin('textContinues', 'start');
    expect((await world.status()).output).toBe('"x"');
  });

  test('a custom status above 16 KB fails the instance', async () => {
    await world.begin('bigStatus');
    expect(await world.status()).toMatchObject({
      runtimeStatus: 'Failed',
      output:
        "Orchestrator function 'bigStatus' failed: The UTF-16 size of the JSON-serialized payload must not exceed 16 KB. " +
        'The current payload size is 17 KB.',
    });
  });

  test('a falsy custom status leaves the one before in place', async () => {
    await world.begin('falsyStatus');
    expect((await world.status()).customStatus).toEqual({ set: 1 });
  });

  test('a Timestamp property in the input becomes a Date', async () => {
    await world.begin('timestampInput', { Timestamp: '2026-01-01T00:00:00Z' });
    expect((await world.status()).output).toBe('a Date');
  });
});

describe('failures of others', () => {
  test('an unknown activity fails the instance and names the known ones', async () => {
    await world.begin('unknownActivity');
    const { runtimeStatus, output } = await world.status();
    expect(runtimeStatus).toBe('Failed');
    expect(output).toMatch(
      /The function 'noSuchActivity' doesn't exist, is disabled, or is not an activity function\..*'echo'/,
    );
  });

  test('the parent of a terminated child fails with a framework message', async () => {
    await world.begin('terminatedChild');
    await world.call('POST', 'instances/kid/terminate?reason=enough');
    await world.host.whenIdle();
    expect(await world.status('kid')).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' });
    const { runtimeStatus, output } = await world.status();
    expect(runtimeStatus).toBe('Failed');
    expect(output).toMatch(/could not parse its exception data/);
  });

  test('terminating a parent leaves its child running', async () => {
    await world.begin('terminatedChild');
    await world.call('POST', 'instances/i1/terminate?reason=enough');
    await world.host.whenIdle();
    expect((await world.status()).runtimeStatus).toBe('Terminated');
    expect((await world.status('kid')).runtimeStatus).toBe('Running');
  });
});
