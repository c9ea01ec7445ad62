import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeploymentName } from '../../../../src/domain/ids/names.ts';
import {
  blueOf,
  describeSplit,
  normalizeTraffic,
  sameSplit,
  splitForWeight,
} from '../../../../src/domain/rollout/traffic-split.ts';

const GREEN = 'green' as DeploymentName;

describe('splitForWeight', () => {
  it('takes green its share from a single blue', () => {
    expect(splitForWeight({ blue: 100 }, GREEN, 10)).toEqual({ blue: 90, green: 10 });
  });

  it('scales several deployments by largest remainder', () => {
    expect(splitForWeight({ a: 34, b: 33, c: 33 }, GREEN, 10)).toEqual({ a: 30, b: 30, c: 30, green: 10 });
  });

  it('gives green everything on an endpoint without traffic', () => {
    expect(splitForWeight({}, GREEN, 10)).toEqual({ green: 100 });
  });

  it.each([
    ['the largest remainder gets what is missing', { a: 50, b: 30, c: 20 }, 33, { a: 34, b: 20, c: 13, green: 33 }],
    ['equal remainders go by name', { b: 50, a: 50 }, 1, { a: 50, b: 49, green: 1 }],
    ['a green that served before is not scaled', { a: 50, green: 50 }, 10, { a: 90, green: 10 }],
    ['a share that becomes nothing is left out', { a: 99, b: 1 }, 99, { a: 1, green: 99 }],
    ['at 100 percent only green is left', { a: 50, b: 50 }, 100, { green: 100 }],
    ['zero entries are no deployments', { a: 0 }, 10, { green: 100 }],
  ])('%s', (_what, snapshot, weight, split) => {
    expect(splitForWeight(snapshot, GREEN, weight)).toEqual(split);
  });

  it('always sums to 100 with whole, positive shares', () => {
    const shares = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(shares, fc.integer({ min: 1, max: 100 }), (weights, weight) => {
        const traffic = Object.fromEntries(weights.map((share, index) => [`d${index}`, share]));
        const split = splitForWeight(traffic, GREEN, weight);
        expect(Object.values(split).reduce((sum, share) => sum + share, 0)).toBe(100);
        expect(Object.values(split).every((share) => Number.isInteger(share) && share > 0)).toBe(true);
      }),
    );
  });
});

describe('splits', () => {
  it('are the same whatever the order and the zero entries', () => {
    const split = { traffic: { a: 60, b: 40 }, mirror: {} };
    expect(sameSplit(split, { traffic: { b: 40, a: 60, c: 0 }, mirror: { a: 0 } })).toBe(true);
    expect(sameSplit(split, { traffic: { b: 40, a: 60 }, mirror: { c: 5 } })).toBe(false);
  });

  it('name blue by the largest share', () => {
    expect(blueOf({ a: 30, b: 70 })).toBe('b');
    expect(blueOf({ a: 70, b: 30 })).toBe('a');
    expect(blueOf({ b: 50, a: 50 })).toBe('a');
    expect(blueOf({ a: 0 })).toBeNull();
  });

  it('read as a sentence', () => {
    expect(describeSplit({ traffic: { b: 90, a: 10 }, mirror: { c: 5 } })).toBe('a 10 %, b 90 % (mirror: c 5 %)');
    expect(describeSplit({ traffic: {}, mirror: {} })).toBe('no traffic');
    expect(describeSplit({ traffic: { a: 100, b: 0 }, mirror: { c: 0 } })).toBe('a 100 %');
  });

  it('are ordered by name, so that equal ones are equal texts', () => {
    const ordered = normalizeTraffic({ c: 1, a: 2, b: 3, z: 0 });
    expect(JSON.stringify(ordered)).toBe('{"a":2,"b":3,"c":1}');
  });

  it('that differ in live or mirrored shares are others', () => {
    const split = { traffic: { a: 60, b: 40 }, mirror: { c: 5 } };
    expect(sameSplit(split, { ...split })).toBe(true);
    expect(sameSplit(split, { ...split, traffic: { a: 40, b: 60 } })).toBe(false);
    expect(sameSplit(split, { ...split, mirror: {} })).toBe(false);
  });
});
