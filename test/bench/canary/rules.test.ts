/** The laboratory's instruments against values of others: scipy 1.17.1, closed forms, the published figures of the generator. */
import { describe, expect, it } from 'vitest';
import { AS_FAST, binProbabilities, WEB_SERVICE } from './generator/latency-model.ts';
import { makeRollout } from './generator/rollout.ts';
import { scenario } from './generator/scenario.ts';
import { SCENARIOS } from './generator/scenarios.ts';
import { errorDistance, leastRequests } from './limits.ts';
import { brentRoot } from './rules/brent.ts';
import { interpolatedQuantileMs } from './rules/bucket-metrics.ts';
import { isHigh } from './rules/kayenta.ts';
import { leastShift, likelyShift, standardised } from './rules/mann-whitney.ts';

const X = [0.5, 0.5, 1, 1.5, 2, 2, 3.5];
const Y = [0, 0.5, 0.5, 0.5, 1, 1, 2];

describe('the Mann-Whitney interval', () => {
  it.each([
    [0, 1.4508796837809457],
    [0.25, 0.7726181304565691],
    [-0.4, 2.0603150145508513],
    [0.5, 0.3263243005785802],
  ])('standardises tied samples shifted by %d as scipy.stats.mannwhitneyu does', (shift, z) => {
    expect(standardised(X, Y, shift)).toBeCloseTo(z, 9);
  });

  it('has the median of all differences in its middle and ends where the statistic crosses its quantile', () => {
    const a = [
      100.389, 126.332, 149.684, 162.104, 163.879, 164.626, 165.566, 169.68, 174.865, 176.679, 189.898, 194.729,
    ];
    const b = [96.104, 97.423, 105.148, 111.304, 111.868, 112.488, 115.715, 121.808, 122.967, 145.424, 179.149];
    expect(likelyShift(a, b)).toBeCloseTo(51.0955, 0);
    expect(leastShift(a, b)).toBeCloseTo(14.464, 3);
  });

  it('finds no shift between arms that mostly have no error, where only the solver decides', () => {
    const quiet = [...Array.from({ length: 30 }, () => 0), ...Array.from({ length: 8 }, () => 2)];
    const worse = [...Array.from({ length: 22 }, () => 0), ...Array.from({ length: 16 }, () => 2)];
    expect(leastShift(worse, quiet)).toBe(0);
    expect(isHigh(worse, quiet)).toBe(false);
    expect(isHigh(quiet, quiet)).toBe(false);
  });
});

describe("Brent's method", () => {
  it('finds the roots that scipy.optimize.brentq finds', () => {
    expect(brentRoot((t) => t ** 3 - 2 * t - 5, 2, 3, 1e-12)).toBeCloseTo(2.094551481542327, 10);
    expect(brentRoot((t) => Math.cos(t) - t, 0, 1, 1e-12)).toBeCloseTo(0.7390851332151559, 10);
  });

  it('ends on the side of a jump that is nearer to zero', () => {
    expect(brentRoot((t) => (t < 0.3 ? 1 : -5), 0, 1, 1e-6)).toBeLessThan(0.3);
    expect(brentRoot((t) => (t < 0.3 ? 5 : -1), 0, 1, 1e-6)).toBeGreaterThanOrEqual(0.3);
  });
});

describe('the least number of requests', () => {
  it.each([
    [0.001, 1, 940, 1401],
    [0.005, 1, 1743, 2689],
    [0.02, 1, 4461, 6956],
    [0.001, 19, 323, 751],
    [0.005, 19, 762, 1396],
    [0.02, 19, 2205, 3627],
  ])('is the closed form for +1 pp on %d with %d baseline requests each', (base, bluePerGreen, noMargin, margin) => {
    const least = (tolerated: number) => Math.log(100) / errorDistance(base, 0.01, bluePerGreen, tolerated);
    expect(Math.round(least(0))).toBe(noMargin);
    expect(Math.round(least(0.002))).toBe(margin);
  });

  it('is as published for latencies, and endless for what lies within the margins', () => {
    const named = (name: string) => SCENARIOS.find((one) => one.name === name) ?? scenario({ name: '', about: '' });
    const margins = { errors: 0.002, latencyBins: 1 };
    expect(Math.round(leastRequests(named('B4 n=50'), margins))).toBe(168);
    expect(Math.round(leastRequests(named('B5 n=50'), margins))).toBe(189);
    expect(leastRequests(named('A9'), margins)).toBeGreaterThan(1e6);
  });
});

describe('the generator', () => {
  it('makes the same rollout from the same seed, and another from another', () => {
    const of = scenario({ name: '', about: '', n: 50, minutes: 5 });
    expect(makeRollout(of, 7)).toEqual(makeRollout(of, 7));
    expect(makeRollout(of, 8).buckets).not.toEqual(makeRollout(of, 7).buckets);
  });

  it('has latencies of p50 81, p95 197 and p99 333 ms', () => {
    const latency = Object.fromEntries(binProbabilities(WEB_SERVICE, AS_FAST).map((mass, bin) => [bin, mass]));
    const quantile = (fraction: number) => interpolatedQuantileMs({ requests: 1, errors: 0, latency }, fraction);
    expect(quantile(0.5) / 81).toBeCloseTo(1, 1);
    expect(quantile(0.95) / 197).toBeCloseTo(1, 1);
    expect(quantile(0.99) / 333).toBeCloseTo(1, 1);
  });

  it('makes errors at the rate asked for, in bursts too', () => {
    const of = scenario({ name: '', about: '', n: 5000, minutes: 40, base: 0.02, burst: 4 });
    const { buckets } = makeRollout(of, 3);
    const errors = buckets.reduce((sum, { blue }) => sum + blue.errors, 0);
    expect(errors / (40 * 5000)).toBeGreaterThan(0.018);
    expect(errors / (40 * 5000)).toBeLessThan(0.022);
  });
});
