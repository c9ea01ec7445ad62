/** Errors and latency in one product, by exact enumeration: valid for every dependence between failing and being slow. */
import { describe, expect, it } from 'vitest';
import { logShareEvidence } from '../../../../../src/domain/evidence/share-evidence.ts';
import {
  independentLatencyEvidence,
  latencyEvidence,
} from '../../../../../src/domain/judge/metrics/latency/latency-evidence.ts';
import type { ArmLatency } from '../../../../../src/domain/judge/metrics/traffic-look.ts';

/** Chances or counts of answered requests in three bins, then of failed ones in the same bins. */
type Six = readonly number[];

const PREDICTED = { treated: 0.3, control: 0.1 };
const LINE = { ratio: 1, offset: 0 };
const TILTS = [
  [0.5, 1, 4],
  [1, 1, 5],
  [0.3, 1.5, 1.5],
];
/** How failing and slowness go together: failures fast, middling, slow, or like all others. */
const DEPENDENCES = [[0, 1, 2], [1, 2, 0], [2, 1, 0], null] as const;

describe('the product of the evidence on errors and on latency', () => {
  const products = (nG: number, nB: number, tilt: readonly number[], latency: typeof careful) =>
    laws().map((law) => meanOfProduct(nG, nB, law, tilt, latency));

  it.each(TILTS)(
    'has a mean of at most 1 where green is like blue, however failures and slowness go together: %d %d %d',
    (...tilt) => {
      expect(Math.max(...products(3, 3, tilt, careful))).toBeLessThanOrEqual(1 + 1e-9);
      expect(Math.max(...products(2, 4, tilt, careful))).toBeLessThanOrEqual(1 + 1e-9);
    },
  );

  it('would not have it if the latencies of all requests were used as they are', () => {
    expect(Math.max(...products(3, 3, [0.5, 1, 4], plain))).toBeGreaterThan(1.5);
  });
});

function careful(green: ArmLatency, blue: ArmLatency, tilt: readonly number[]): number {
  return (
    independentLatencyEvidence({ green, blue }, { tilts: [tilt], logs: [plain(green, blue, tilt)] }, 0)[0] ?? Number.NaN
  );
}

function plain(green: ArmLatency, blue: ArmLatency, tilt: readonly number[]): number {
  return latencyEvidence({ green, blue }, [tilt], 0)[0] ?? Number.NaN;
}

/** Laws of one request: error rates and latency shapes with every dependence. */
function laws(): Six[] {
  const shapes = [
    [0.6, 0.3, 0.1],
    [0.3, 0.57, 0.13],
    [0.75, 0.01, 0.24],
    [1 / 3, 1 / 3, 1 / 3],
  ];
  return [0.05, 0.2, 0.4].flatMap((errors) =>
    shapes.flatMap((shape) => DEPENDENCES.map((order) => joint(errors, shape, order))),
  );
}

function joint(errors: number, shape: readonly number[], order: readonly number[] | null): Six {
  const failed = shape.map((mass) => (order ? 0 : errors * mass));
  let left = errors;
  for (const bin of order ?? []) {
    failed[bin] = Math.min(left, shape[bin] ?? 0);
    left -= failed[bin] ?? 0;
  }
  return [...shape.map((mass, bin) => mass - (failed[bin] ?? 0)), ...failed];
}

function meanOfProduct(nG: number, nB: number, law: Six, tilt: readonly number[], latency: typeof careful): number {
  let mean = 0;
  const blues = outcomes(nB, 6);
  for (const x of outcomes(nG, 6)) {
    for (const y of blues) {
      const [green, blue] = [armOf(x), armOf(y)];
      const seen = { treated: { hits: green.errors, of: nG }, control: { hits: blue.errors, of: nB } };
      const log = logShareEvidence(seen, PREDICTED, LINE) + latency(green, blue, tilt);
      mean += multinomial(x, law) * multinomial(y, law) * Math.exp(log);
    }
  }
  return mean;
}

function armOf([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0]: Six): ArmLatency {
  return { counts: [a + d, b + e, c + f], requests: a + b + c + d + e + f, errors: d + e + f };
}

function outcomes(n: number, cells: number): number[][] {
  if (cells === 1) return [[n]];
  return Array.from({ length: n + 1 }, (_, here) => here).flatMap((here) =>
    outcomes(n - here, cells - 1).map((rest) => [here, ...rest]),
  );
}

function multinomial(counts: readonly number[], law: Six): number {
  let left = counts.reduce((sum, count) => sum + count, 0);
  let chance = 1;
  for (const [cell, count] of counts.entries()) {
    for (let taken = 0; taken < count; taken++) chance *= ((left - taken) / (taken + 1)) * (law[cell] ?? 0);
    left -= count;
  }
  return chance;
}
