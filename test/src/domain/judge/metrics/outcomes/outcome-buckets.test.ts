import { describe, expect, it } from 'vitest';
import { outcomeBuckets } from '../../../../../../src/domain/judge/metrics/outcomes/outcome-buckets.ts';
import type { OutcomeMeasure } from '../../../../../../src/domain/judge/metrics/outcomes/outcome-value.ts';

const MINUTE = 60_000;
const due = { fromMs: 10 * MINUTE, toMs: 13 * MINUTE, blueFromMs: 10 * MINUTE };
const within: OutcomeMeasure = { kind: 'within', outcome: 'label', prediction: 'p', tolerance: 1 };

const answer = (minute: number, key: string | null, prediction: unknown = 5) => ({
  atMs: minute * MINUTE,
  key,
  prediction,
});

describe('answers with their outcomes', () => {
  it('are counted in the bucket of the answer, arm by arm', () => {
    const answers = {
      green: [answer(10.2, 'a'), answer(10.9, 'b', 9), answer(12, 'c')],
      blue: [answer(10, 'a'), answer(12.99, 'd', 7)],
    };
    const outcomes = new Map<string, unknown>(['a', 'b', 'c', 'd'].map((key) => [key, 5]));
    expect(outcomeBuckets(within, MINUTE, { due, answers, outcomes })).toEqual([
      {
        startMs: 10 * MINUTE,
        green: { count: 2, sum: 1, squares: 1 },
        blue: { count: 1, sum: 1, squares: 1 },
      },
      { startMs: 12 * MINUTE, green: { count: 1, sum: 1, squares: 1 }, blue: { count: 1, sum: 0, squares: 0 } },
    ]);
  });

  it('told twice count once, and one without a key or a label does not count', () => {
    const green = [answer(10, 'a'), answer(11, 'a', 99), answer(10, null), answer(10, 'unknown')];
    const buckets = outcomeBuckets(within, MINUTE, {
      due,
      answers: { green, blue: [] },
      outcomes: new Map([['a', 5]]),
    });
    expect(buckets).toEqual([
      {
        startMs: 10 * MINUTE,
        green: { count: 1, sum: 1, squares: 1 },
        blue: { count: 0, sum: 0, squares: 0 },
      },
    ]);
  });

  it('outside the window are left to other looks', () => {
    const green = [answer(9.99, 'a'), answer(13, 'b')];
    expect(
      outcomeBuckets(within, MINUTE, { due, answers: { green, blue: [] }, outcomes: new Map([['a', 5]]) }),
    ).toEqual([]);
  });
});
