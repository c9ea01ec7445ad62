/** Weights and mirroring decide by share, from an injected random source. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseByWeight, chooseMirror } from '../../../../local/azure-ml/serving/router/choose-deployment.ts';

describe('chooseByWeight', () => {
  test.each([
    [0, 'blue'],
    [0.899, 'blue'],
    [0.9, 'green'],
    [0.999, 'green'],
  ])('90/10 with %d gives %s', (random, chosen) => {
    expect(chooseByWeight({ blue: 90, green: 10 }, () => random)).toBe(chosen);
  });

  test('gives nothing when no deployment has weight', () => {
    expect(chooseByWeight({}, () => 0)).toBeUndefined();
    expect(chooseByWeight({ blue: 0 }, () => 0)).toBeUndefined();
  });

  test('always gives a deployment with weight when there is one', () => {
    const traffic = fc.dictionary(fc.string({ minLength: 1 }), fc.integer({ min: 0, max: 100 }));
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(traffic, random, (weights, value) => {
        const chosen = chooseByWeight(weights, () => value);
        const weighted = Object.keys(weights).filter((name) => (weights[name] ?? 0) > 0);
        return weighted.length === 0 ? chosen === undefined : weighted.includes(chosen ?? '');
      }),
    );
  });
});

describe('chooseMirror', () => {
  test.each([
    [0.29, 'green'],
    [0.3, undefined],
  ])('30 percent with %d gives %s', (random, shadow) => {
    expect(chooseMirror({ green: 30 }, 'blue', () => random)).toBe(shadow);
  });

  test('never copies to the deployment that answers, nor with share 0', () => {
    expect(chooseMirror({ blue: 50 }, 'blue', () => 0)).toBeUndefined();
    expect(chooseMirror({ green: 0 }, 'blue', () => 0)).toBeUndefined();
  });
});
