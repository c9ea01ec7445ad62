import { describe, expect, test } from 'vitest';
import { type OperationOutcome, Operations } from '../../../local/azure-ml/arm/protocol/operations.ts';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';

const OK: OperationOutcome = { ok: true };

function setUp() {
  const clock = new ManualClock();
  return { clock, operations: new Operations({ clock, operationDelayMs: 100 }) };
}

describe('an operation', () => {
  test('settles once, when its delay and its work are over', async () => {
    const { clock, operations } = setUp();
    const settled: OperationOutcome[] = [];
    const operation = operations.start({
      title: 'PUT x',
      work: async () => OK,
      settle: (outcome) => void settled.push(outcome),
    });
    await clock.advance(99);
    expect(operation.outcome).toBeUndefined();
    await clock.advance(1);
    await clock.advance(1000);
    expect(operation.outcome).toEqual(OK);
    expect(settled).toEqual([OK]);
  });

  test('whose work or settling throws has failed, and says why', async () => {
    const { clock, operations } = setUp();
    const fail = () => {
      throw new Error('disk full');
    };
    const atWork = operations.start({ title: 'PUT x', work: async () => fail(), settle: () => undefined });
    const atEnd = operations.start({ title: 'PUT x', work: async () => OK, settle: fail });
    await clock.advance(100);
    await clock.advance(1);
    for (const { outcome } of [atWork, atEnd]) {
      expect(outcome).toMatchObject({ ok: false, code: 'InternalServerError', message: /disk full/ });
    }
  });

  test('that is ordered to fail does no work, and the next one does', async () => {
    const { clock, operations } = setUp();
    operations.orders.add({ match: 'put', fail: { code: 'OutOfCapacity', message: 'ordered' }, delayMs: 500 });
    let works = 0;
    const work = async () => {
      works += 1;
      return OK;
    };
    const first = operations.start({ title: 'PUT x', work, settle: () => undefined });
    const second = operations.start({ title: 'PUT x', work, settle: () => undefined });
    await clock.advance(100);
    await clock.advance(1);
    expect([first.outcome, second.outcome, works]).toEqual([undefined, OK, 1]);
    await clock.advance(400);
    await clock.advance(1);
    expect(first.outcome).toEqual({ ok: false, code: 'OutOfCapacity', message: 'ordered' });
    expect(works).toBe(1);
  });

  test('that runs when the emulator stops is told so and never settles', async () => {
    const { clock, operations } = setUp();
    let isSettled = false;
    let isAborted = false;
    const operation = operations.start({
      title: 'PUT x',
      work: (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            isAborted = true;
            resolve(OK);
          });
        }),
      settle: () => {
        isSettled = true;
      },
    });
    await clock.advance(100);
    await clock.advance(1);
    await operations.stop();
    expect({ isSettled, isAborted, outcome: operation.outcome }).toEqual({
      isSettled: false,
      isAborted: true,
      outcome: undefined,
    });
  });
});
