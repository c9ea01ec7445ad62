/** The stand-in for a blue that gets no requests: whole counts in the shape of what blue was. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blueAsItWas, startBlueMemory } from '../../../../../src/domain/judge/reading/blue-memory.ts';
import { checkBucket } from '../../../../../src/domain/judge/reading/checked-bucket.ts';
import { NO_REQUESTS } from '../../../../../src/domain/judge/reading/traffic-bucket.ts';

const bins = fc.dictionary(fc.integer({ min: 0, max: 143 }).map(String), fc.integer({ min: 0, max: 5000 }), {
  noNullPrototype: true,
  maxKeys: 40,
});

describe('blue as it was', () => {
  test('is a bucket that can be true, whatever was seen and however many requests are asked for', () => {
    fc.assert(
      fc.property(
        bins,
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 0, max: 100_000 }),
        (latency, errors, asked) => {
          const answered = Object.values(latency).reduce((sum, count) => sum + count, 0);
          const known = startBlueMemory({ requests: answered + errors, errors, latency });
          const blue = blueAsItWas(known, asked);
          checkBucket({ startMs: 0, green: NO_REQUESTS, blue });
          expect(blue.requests).toBe(asked);
        },
      ),
      { seed: 3 },
    );
  });

  test('keeps its error rate and its tails to one request', () => {
    const known = startBlueMemory({ requests: 1000, errors: 100, latency: { 20: 450, 30: 360, 40: 90 } });
    expect(blueAsItWas(known, 200)).toEqual({ requests: 200, errors: 20, latency: { 20: 90, 30: 72, 40: 18 } });
  });

  test('that was never seen counts as flawless and says nothing of latency', () => {
    expect(blueAsItWas(startBlueMemory(NO_REQUESTS), 50)).toEqual({ requests: 50, errors: 0, latency: {} });
  });
});
