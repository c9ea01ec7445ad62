/** Predictions: exact means over the null, the choice of events, the finding in words, and what must not matter. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fewerHits, moreHits } from '../../../../../../src/domain/evidence/share-evidence.ts';
import { isTaken, type Terms } from '../../../../../../src/domain/judge/metrics/metric.ts';
import {
  countPredictions,
  eventsOf,
  type PredictionBucket,
  type PredictionCounts,
  type PredictionEvents,
} from '../../../../../../src/domain/judge/metrics/predictions/prediction-events.ts';
import {
  type PredictionPolicy,
  type PredictionState,
  predictions,
  startPredictions,
} from '../../../../../../src/domain/judge/metrics/predictions/predictions.ts';
import { allHits, allHitsOfCopies, type HitsCase, meanOf } from '../../../evidence/enumeration.ts';
import { arm, MINUTE_MS, NO_WARM_UP } from '../../a-rollout.ts';

const SETTINGS: PredictionPolicy = { collection: 'model_outputs', column: 'p', margin: 0.05, settleBuckets: 10 };
const TERMS: Terms<PredictionPolicy> = {
  settings: SETTINGS,
  prior: { first: 0.72, horizonBuckets: 60 },
  designEffects: NO_WARM_UP.designEffects,
};
const NOTHING = { green: arm(0, 0), blue: arm(0, 0) };

function step(state: PredictionState, bucket: PredictionBucket): PredictionState {
  return isTaken(state, bucket) ? state : predictions.step(state, bucket, TERMS);
}

function findingOf(state: PredictionState) {
  const logEvidence = predictions.evidence(state, TERMS);
  const { seen: sentence, numbers } = predictions.sentence(state, TERMS, NOTHING);
  return {
    shifted: logEvidence >= Math.log(1 / NO_WARM_UP.alpha),
    logEvidence,
    sentence,
    greenShare: numbers.greenShare ?? Number.NaN,
    blueShare: numbers.blueShare ?? Number.NaN,
  };
}

const NUMBERS = Array.from({ length: 1000 }, (_, index) => index / 10);
const YES_OR_NO: PredictionEvents = { kind: 'categorical', values: ['yes'] };

describe('the evidence of a shift', () => {
  it('has a mean of at most 1 wherever the shares differ by no more than the margin, in both directions', () => {
    const { margin } = SETTINGS;
    const means = [];
    for (const predicted of [0.05, 0.2, 0.5, 0.97]) {
      for (const { green, blue } of nullOf(margin)) {
        const cases = allHits(5, 7, green, blue);
        for (const extra of [0.01, 0.1, 0.3]) {
          means.push(meanOf(cases, (seen) => moreHits(ofArms(seen, 5, 7), predicted, { margin, extra })));
          means.push(meanOf(cases, (seen) => fewerHits(ofArms(seen, 5, 7), predicted, { margin, extra })));
        }
      }
    }
    expect(Math.max(...means)).toBeLessThanOrEqual(1 + 1e-9);
    expect(Math.max(...means)).toBeGreaterThan(0.99);
  });

  it('has a mean of at most 1 over all events, directions and shifts together', () => {
    for (const { green, blue } of nullOf(SETTINGS.margin)) {
      expect(meanOf(allHits(6, 6, green, blue), afterOneLook)).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('has a smaller mean the more alike the answers to copies of the same requests are', () => {
    for (const share of [0.2, 0.5, 0.8]) {
      const alike = [0, 0.5, 1].map((likeness) => {
        const both = share * (likeness + (1 - likeness) * share);
        return meanOf(allHitsOfCopies(6, both, share - both, share - both), afterOneLook);
      });
      expect(alike[0]).toBeLessThanOrEqual(1 + 1e-9);
      expect(alike[1]).toBeLessThan(alike[0] ?? 0);
      expect(alike[2]).toBeLessThan(alike[1] ?? 0);
    }
  });

  /** ln E after one look at six predictions of each arm. */
  function afterOneLook(seen: HitsCase): number {
    const counts = (hits: number) => ({ of: 6, hits: [hits, 0] });
    const begun = startPredictions(YES_OR_NO, { of: 100, hits: [30, 0] });
    const bucket = { startMs: 0, green: counts(seen.green), blue: counts(seen.blue) };
    return findingOf(step(begun, bucket)).logEvidence;
  }
});

describe('the events', () => {
  it('are the deciles of numbers, ties merged', () => {
    expect(eventsOf(NUMBERS)).toEqual({
      kind: 'numeric',
      edges: [9.9, 19.9, 29.9, 39.9, 49.9, 59.9, 69.9, 79.9, 89.9],
    });
    const mostlyZero = [...new Array(700).fill(0), ...new Array(300).fill(1)];
    expect(eventsOf(mostlyZero)).toEqual({ kind: 'numeric', edges: [0, 1] });
  });

  it('are the nine most frequent values of texts and booleans', () => {
    const texts = Array.from({ length: 12 }, (_, index) => new Array(30 - index).fill(`class ${index}`)).flat();
    expect(eventsOf(texts)).toEqual({
      kind: 'categorical',
      values: Array.from({ length: 9 }, (_, index) => `class ${index}`),
    });
    const flags = [...new Array(150).fill(true), ...new Array(100).fill(false)];
    expect(eventsOf(flags)).toEqual({ kind: 'categorical', values: ['true', 'false'] });
  });

  it('do not depend on the order of the predictions', () => {
    const texts = Array.from({ length: 300 }, (_, index) => `c${index % 20}`);
    expect(eventsOf(texts.toReversed())).toEqual(eventsOf(texts));
    expect(eventsOf(NUMBERS.toReversed())).toEqual(eventsOf(NUMBERS));
  });

  it('are unknown below 200 usable predictions', () => {
    expect(eventsOf([...NUMBERS.slice(0, 199), null, Number.NaN, {}, Number.POSITIVE_INFINITY])).toBeNull();
    expect(eventsOf(NUMBERS.slice(0, 200))).not.toBeNull();
    expect(eventsOf([])).toBeNull();
  });

  it('count numbers up to each edge, and last what is no number', () => {
    const events: PredictionEvents = { kind: 'numeric', edges: [1, 2] };
    const predictions = [0, 1, 1.5, 2, 3, null, undefined, Number.NaN, '1', [1], true];
    expect(countPredictions(events, predictions)).toEqual({ of: 11, hits: [2, 4, 6] });
  });

  it('count each value, and last what is no value; other values are none of them', () => {
    const events: PredictionEvents = { kind: 'categorical', values: ['a', 'true'] };
    const predictions = ['a', 'b', true, 'true', null, 7, 'x'.repeat(65), ''];
    expect(countPredictions(events, predictions)).toEqual({ of: 8, hits: [1, 2, 3] });
  });
});

describe('the finding', () => {
  it('names the share that has moved most, in numbers a person can check', () => {
    const shifted = NUMBERS.map((value) => (value < 50 ? value * 0.8 : value));
    const finding = findingOf(looked(5, shifted));
    expect(finding.shifted).toBe(true);
    expect(finding.sentence).toMatch(
      /^\d\d % of green's predictions are at most [\d.]+, where \d\d % of blue's are \(5 points are tolerated\); at most a 1 in [\d,]+ chance/,
    );
    expect(finding.greenShare - finding.blueShare).toBeGreaterThan(0.05);
  });

  it('sees shares fall as well as rise, classes, and predictions that are missing', () => {
    const larger = NUMBERS.map((value) => value + 15);
    expect(findingOf(looked(3, larger)).shifted).toBe(true);
    const missing = NUMBERS.map((value, index) => (index % 8 === 0 ? null : value));
    expect(findingOf(looked(5, missing))).toMatchObject({
      shifted: true,
      sentence: expect.stringContaining('are no number, where 0 %'),
    });
    const classes = Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? 'spam' : 'ham'));
    const fewer = classes.map((value, index) => (index % 8 === 0 ? 'ham' : value));
    expect(findingOf(looked(9, fewer, classes))).toMatchObject({
      shifted: true,
      sentence: expect.stringMatching(/are "(sp|h)am"/),
    });
  });

  it('leaves alone what lies within the margin, and says so', () => {
    const within = NUMBERS.map((value, index) => (index % 25 === 0 ? value / 2 : value));
    const finding = findingOf(looked(60, within));
    expect(finding.shifted).toBe(false);
    expect(finding.sentence).toContain('nothing speaks of another distribution so far');
  });

  it('sees a shift that begins after two hours of agreement', () => {
    const before = looked(120, NUMBERS);
    const larger = NUMBERS.map((value) => value + 15);
    const after = [120, 121, 122].reduce((state, minute) => {
      return step(state, bucketOf(state.events, minute, larger, NUMBERS));
    }, before);
    expect(findingOf(before).shifted).toBe(false);
    expect(findingOf(after).shifted).toBe(true);
  });

  it('says that nothing is known before both arms have predicted', () => {
    const state = begin(NUMBERS);
    const onlyBlue = step(state, bucketOf(state.events, 1, [], NUMBERS));
    for (const unknown of [state, onlyBlue]) {
      const finding = findingOf(unknown);
      expect(finding).toMatchObject({ shifted: false, logEvidence: 0, greenShare: 0 });
      expect(finding.sentence).toContain('No predictions of green and blue are known');
    }
  });
});

describe('the memory of predictions', () => {
  it('does not change when buckets are delivered again, in any order', () => {
    const begun = begin(NUMBERS);
    const shifted = NUMBERS.map((value) => value + 4);
    const buckets = Array.from({ length: 8 }, (_, minute) => bucketOf(begun.events, minute, shifted, NUMBERS));
    const once = buckets.reduce(step, begun);
    fc.assert(
      fc.property(fc.array(fc.nat(7), { maxLength: 9 }), fc.nat(8), (again, from) => {
        const repeated = again.filter((index) => index < from).flatMap((index) => buckets.slice(index, index + 1));
        expect([...buckets.slice(0, from), ...repeated, ...buckets.slice(from)].reduce(step, begun)).toEqual(once);
      }),
      { numRuns: 15 },
    );
  });

  it('is plain JSON of at most 3 kB with ten events that can be taken up again', () => {
    const odd = NUMBERS.map((value) => Math.sqrt(value) * 1234.56789);
    const state = looked(60, NUMBERS, odd, 997);
    expect(JSON.stringify(state).length).toBeLessThan(3072);
    const bucket = bucketOf(state.events, 100, odd, odd);
    expect(step(JSON.parse(JSON.stringify(state)), bucket)).toEqual(step(state, bucket));
  });
});

describe('degenerate predictions', () => {
  const constant = new Array(300).fill(5);
  const cases: Record<string, [unknown[], unknown[]]> = {
    'all equal': [constant, constant],
    'all missing in both arms': [new Array(50).fill(null), new Array(50).fill(null)],
    'one prediction each': [[1], [1]],
    'none of blue': [constant, []],
  };

  it.each(Object.entries(cases))('%s: finite numbers, no shift', (_, [green, blue]) => {
    const begun = begin(constant);
    let state = begun;
    for (let minute = 0; minute < 70; minute++) {
      state = step(state, bucketOf(begun.events, minute, green, blue));
    }
    const finding = findingOf(state);
    expect(finding.shifted).toBe(false);
    expect(Number.isFinite(finding.logEvidence)).toBe(true);
    expect(finding.sentence).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('counts a billion predictions without overflow', () => {
    const begun = startPredictions(YES_OR_NO, { of: 1e9, hits: [3e8, 0] });
    const same = { of: 1e9, hits: [3e8, 0] };
    const other = { of: 1e9, hits: [5e8, 0] };
    const findingWith = (green: PredictionCounts) => findingOf(step(begun, { startMs: 0, green, blue: same }));
    expect(findingWith(same).shifted).toBe(false);
    expect(findingWith(other).shifted).toBe(true);
    expect(Number.isFinite(findingWith(other).logEvidence)).toBe(true);
  });

  it.each<[PredictionCounts, string]>([
    [{ of: 5, hits: [1] }, 'green has counts of 1 events, not of 2'],
    [{ of: 5, hits: [Number.NaN, 0] }, "green's counts hold NaN"],
    [{ of: 5, hits: [4, 2] }, 'green has 5 predictions, but events of 6'],
  ])('are refused where they cannot be true, and named', (green, problem) => {
    const begun = startPredictions(YES_OR_NO, { of: 100, hits: [30, 0] });
    const refused = () => step(begun, { startMs: 7 * MINUTE_MS, green, blue: { of: 1, hits: [1, 0] } });
    expect(refused).toThrow(RangeError);
    expect(refused).toThrow(problem);
    expect(refused).toThrow(String(7 * MINUTE_MS));
  });
});

function begin(history: readonly unknown[]): PredictionState {
  const events = eventsOf(history);
  if (!events) throw new Error('too few predictions');
  return startPredictions(events, countPredictions(events, history));
}

function bucketOf(events: PredictionEvents, minute: number, green: readonly unknown[], blue: readonly unknown[]) {
  const startMs = minute * MINUTE_MS;
  return { startMs, green: countPredictions(events, green), blue: countPredictions(events, blue) };
}

/** Looks in which green predicts `green` where blue predicts `blue`, as it always did. */
function looked(
  looks: number,
  green: readonly unknown[],
  blue: readonly unknown[] = NUMBERS,
  most = 1000,
): PredictionState {
  let state = begin(blue);
  for (let minute = 0; minute < looks; minute++) {
    state = step(state, bucketOf(state.events, minute, green.slice(0, most), blue.slice(0, most)));
  }
  return state;
}

function nullOf(margin: number): { green: number; blue: number }[] {
  return [0.02, 0.1, 0.3, 0.5, 0.8, 0.97].flatMap((blue) =>
    [-margin, -margin / 2, 0, margin].map((shift) => ({ blue, green: Math.min(1, Math.max(0, blue + shift)) })),
  );
}

function ofArms(seen: HitsCase, ofGreen: number, ofBlue: number) {
  return { treated: { hits: seen.green, of: ofGreen }, control: { hits: seen.blue, of: ofBlue } };
}
