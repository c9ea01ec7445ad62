/** What becomes of a retraining that may not have its model, by the kind of its trigger and the answer it got. */
import { describe, expect, it } from 'vitest';
import type { RetrainingState } from '../../../../src/domain/retraining/state.ts';
import { waitsForItsTurn, withoutTheModel } from '../../../../src/domain/retraining/without-the-model.ts';
import { ASKED, aRetraining } from './a-retraining.ts';

const NOW_MS = Date.parse(ASKED);
const newData = { kind: 'new-data', reference: 'blob-1', sentence: 'New data came.' } as const;
const waiting = aRetraining({ trigger: newData, phase: 'waiting' });
const until = (seconds: number) =>
  ({ kind: 'cooling-down', untilIso: new Date(NOW_MS + seconds * 1000).toISOString() }) as const;

describe('without its model', () => {
  it('new data waits for its turn; a drift does not', () => {
    expect(waitsForItsTurn(waiting)).toBe(true);
    expect(waitsForItsTurn(aRetraining())).toBe(false);
  });

  it('a drift ends, and its sentence says who holds the model or until when it cools down', () => {
    expect(withoutTheModel(aRetraining(), { kind: 'busy', holder: 'r2' }, NOW_MS)).toEqual({
      kind: 'move',
      to: 'cooling-down',
      reason: 'Retraining r2 of this model runs already.',
      actor: 'policy',
    });
    expect(withoutTheModel(aRetraining(), until(60), NOW_MS)).toEqual({
      kind: 'move',
      to: 'cooling-down',
      reason: 'The model was retrained a short while ago; events start nothing until 2026-03-01T12:01:00.000Z.',
      actor: 'policy',
    });
  });

  it('new data begins to wait with a sentence that says what for', () => {
    const requested: RetrainingState = { ...waiting, phase: 'requested' };
    expect(withoutTheModel(requested, { kind: 'busy', holder: 'r2' }, NOW_MS)).toEqual({
      kind: 'move',
      to: 'waiting',
      reason: 'New data waits for the end of r2.',
      patch: {},
    });
    expect(withoutTheModel(requested, until(60), NOW_MS)).toMatchObject({
      to: 'waiting',
      reason: 'New data waits until 2026-03-01T12:01:00.000Z.',
    });
  });

  it('new data looks again after a poll while the model is busy', () => {
    expect(withoutTheModel(waiting, { kind: 'busy', holder: 'r2' }, NOW_MS)).toEqual({
      kind: 'stay',
      note: 'New data waits for the end of r2.',
      waitSeconds: 60,
    });
  });

  it.each([
    ['to the whole second after the end of the cool-down', 60.2, 61],
    ['for a day', 86_400, 86_400],
    ['for at most a day', 86_401, 86_400],
  ])('new data waits %s', (_what, seconds, waitSeconds) => {
    expect(withoutTheModel(waiting, until(seconds), NOW_MS)).toMatchObject({ kind: 'stay', waitSeconds });
  });

  it.each([
    [
      { kind: 'covered', by: 'r2' } as const,
      { to: 'cooling-down', reason: 'r2 trained on data that was looked at after this had come.', actor: 'policy' },
    ],
    [
      { kind: 'superseded', by: 'r3' } as const,
      { to: 'cooling-down', reason: 'Newer data waits in its place, for r3.', actor: 'policy' },
    ],
    [
      { kind: 'aborted', by: 'ada', reason: 'not needed' } as const,
      { to: 'aborted', reason: 'Aborted by ada: not needed', actor: 'ada' },
    ],
  ])('new data that is %o ends', (answer, end) => {
    expect(withoutTheModel(waiting, answer, NOW_MS)).toEqual({ kind: 'move', ...end });
  });
});
