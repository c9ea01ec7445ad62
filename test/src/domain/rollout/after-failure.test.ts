/** How long a rollout has patience with an activity that fails, and what follows. */
import { describe, expect, it } from 'vitest';
import { afterFailure } from '../../../../src/domain/rollout/after-failure.ts';
import { aState } from '../a-policy.ts';

const away = new Error('Azure ML is away.');

describe('after an activity that failed for good', () => {
  it.each([0, 1])('the phase is tried again while %i ticks before failed too', (failedTicks) => {
    expect(afterFailure(aState({ phase: 'watching', failedTicks }), away)).toEqual({
      kind: 'stay',
      note: 'Phase watching failed: Azure ML is away.',
      waitSeconds: 10,
      patch: {},
    });
  });

  it('the third tick in a row rolls back with the cause', () => {
    expect(afterFailure(aState({ phase: 'watching', failedTicks: 2 }), away)).toMatchObject({
      kind: 'move',
      to: 'rolling-back',
      reason: 'Phase watching failed: Azure ML is away.',
      patch: { rollback: { code: 'activity-failed', reason: 'Phase watching failed: Azure ML is away.', actor: null } },
    });
  });

  it('a rollback is never given up: a person is called', () => {
    expect(afterFailure(aState({ phase: 'rolling-back', failedTicks: 2 }), 'away')).toEqual({
      kind: 'call-operator',
      note: 'Phase rolling-back failed: away It is tried again.',
      waitSeconds: 10,
      patch: {},
    });
  });

  it('the cause is told in at most 800 characters', () => {
    const long = afterFailure(aState({ phase: 'watching' }), new Error('x'.repeat(5000)));
    expect(long).toMatchObject({ note: expect.stringMatching(/^.{800}$/) });
  });
});
