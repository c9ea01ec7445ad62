/** All scenarios of the laboratory: A must not be rolled back, B must be, N must not be promoted, C lies between the looked-for regressions. */
import { CACHED_SERVICE } from './latency-model.ts';
import { type Scenario, scenario } from './scenario.ts';

const SLOW_TAIL = { share: 0.12, times: 4.25 } as const;
const all = (times: number) => ({ share: 1, times });
const wave = (minute: number) => 1 + 0.5 * Math.sin((2 * Math.PI * minute) / 60);
const inBrownOut = (minute: number) => minute >= 20 && minute < 25;
const rampShare = (minute: number) => [0.05, 0.1, 0.25, 0.5][Math.floor(minute / 15)] ?? 0.5;

const HARMLESS: readonly Scenario[] = [
  scenario({ name: 'A1 n=50', about: 'healthy', n: 50 }),
  scenario({ name: 'A1 n=200', about: 'healthy', n: 200 }),
  scenario({ name: 'A1 n=1000', about: 'healthy', n: 1000 }),
  scenario({ name: 'A2', about: 'harmless: 5 % slower, +0.1 pp errors', slow: all(1.05), extraErrors: 0.001 }),
  scenario({
    name: 'A3',
    about: 'daily load in both arms',
    greenRequests: (minute) => Math.round(200 * wave(minute)),
    blueRequests: (minute) => Math.round(200 * wave(minute)),
    errors: (minute) => 0.005 * wave(minute) ** 2,
    sharedSlowness: wave,
  }),
  scenario({
    name: 'A4',
    about: 'shared brown-out of 5 minutes (10 % errors, 3 times as slow)',
    errors: (minute) => (inBrownOut(minute) ? 0.1 : 0.005),
    sharedSlowness: (minute) => (inBrownOut(minute) ? 3 : 1),
  }),
  scenario({
    name: 'A5',
    about: "green's share 5 to 50 % while errors rise tenfold (Simpson)",
    greenRequests: (minute) => Math.round(400 * rampShare(minute)),
    blueRequests: (minute) => Math.round(400 * (1 - rampShare(minute))),
    errors: (minute) => 0.005 * 10 ** (minute / 59),
  }),
  scenario({ name: 'A6', about: 'errors in bursts of 4 on average', base: 0.01, burst: 4 }),
  scenario({
    name: 'A7 excluded',
    about: 'cold start of 3 minutes, left out',
    cold: { minutes: 3, times: 3, blueToo: false },
    warmUpBuckets: 3,
  }),
  scenario({
    name: 'A7 fresh',
    about: 'cold start of 3 minutes, baseline fresh too',
    cold: { minutes: 3, times: 3, blueToo: true },
  }),
  scenario({ name: 'A8 3 %', about: 'node noise of 3 %', nodeNoise: 0.03 }),
  scenario({ name: 'A8 8 %', about: 'node noise of 8 %', nodeNoise: 0.08 }),
  scenario({ name: 'A9', about: 'exactly at the margins (+0.2 pp, x1.104)', extraErrors: 0.002, slow: all(1.02 ** 5) }),
  scenario({
    name: 'A9 n=50',
    about: 'the same at 50 requests a minute',
    n: 50,
    extraErrors: 0.002,
    slow: all(1.02 ** 5),
  }),
  scenario({
    name: 'A9 time-outs',
    about: 'at the error margin; failures are the slowest requests',
    base: 0.02,
    extraErrors: 0.002,
    failuresAreSlow: true,
  }),
];

const REGRESSIONS: readonly Scenario[] = [
  scenario({ name: 'B1 n=200', about: 'errors 0.5 to 1.5 %', extraErrors: 0.01 }),
  scenario({ name: 'B1 n=50', about: 'errors 0.5 to 1.5 %', n: 50, extraErrors: 0.01 }),
  scenario({
    name: 'B1 50+950',
    about: 'errors 0.5 to 1.5 %, against production',
    n: 50,
    blue: 950,
    extraErrors: 0.01,
  }),
  scenario({ name: 'B2 n=50', about: 'errors 0.1 to 1.1 %', n: 50, base: 0.001, extraErrors: 0.01 }),
  scenario({ name: 'B3 n=200', about: 'errors 2 to 3 %', base: 0.02, extraErrors: 0.01 }),
  ...[20, 50, 200].map((n) =>
    scenario({ name: `B4 n=${n}`, about: '12 % of requests 4.25 times as slow', n, slow: SLOW_TAIL }),
  ),
  ...[20, 50].map((n) => scenario({ name: `B5 n=${n}`, about: 'all 1.3 times as slow', n, slow: all(1.3) })),
  scenario({ name: 'B6 n=50', about: 'all twice as slow', n: 50, slow: all(2) }),
  scenario({ name: 'B7 n=50', about: 'errors 30 %', n: 50, extraErrors: 0.295 }),
  scenario({ name: 'B8', about: '+1 pp errors from minute 30', extraErrors: 0.01, onset: 30 }),
  scenario({ name: 'B9', about: 'slow tail from minute 30', slow: SLOW_TAIL, onset: 30 }),
  scenario({ name: 'B10', about: 'errors in bursts of 4, 1 to 4 %', base: 0.01, extraErrors: 0.03, burst: 4 }),
];

const BETWEEN: readonly Scenario[] = [
  scenario({ name: 'C1 x1.18 n=50', about: 'all 1.18 times as slow', n: 50, slow: all(1.18) }),
  scenario({ name: 'C1 x1.18 n=200', about: 'all 1.18 times as slow', slow: all(1.18) }),
  scenario({ name: 'C2 n=50', about: '5 % of requests 10 times as slow', n: 50, slow: { share: 0.05, times: 10 } }),
  scenario({ name: 'C3 +.6pp', about: 'errors +0.6 pp', extraErrors: 0.006 }),
  scenario({ name: 'C4 +4pp', about: 'errors +4 pp', n: 50, extraErrors: 0.04 }),
  scenario({
    name: 'C5 both n=50',
    about: '+1 pp errors and all 1.2 times as slow',
    n: 50,
    extraErrors: 0.01,
    slow: all(1.2),
  }),
  scenario({
    name: 'C5 both n=200',
    about: '+1 pp errors and all 1.2 times as slow',
    extraErrors: 0.01,
    slow: all(1.2),
  }),
  scenario({
    name: 'C6 bimodal n=50',
    about: 'cache hits and misses: 15 % more requests 6 times as slow',
    n: 50,
    model: CACHED_SERVICE,
    slow: { share: 0.15, times: 6 },
  }),
  scenario({
    name: 'C7 bimodal n=50',
    about: 'cache hits and misses: all 1.3 times as slow',
    n: 50,
    model: CACHED_SERVICE,
    slow: all(1.3),
  }),
];

const NOT_TO_PROMOTE: readonly Scenario[] = [
  scenario({ name: 'N1', about: 'at the promotion margin of errors (+0.75 pp)', extraErrors: 0.0075 }),
  scenario({ name: 'N2', about: 'at the promotion margin of latency (x1.35)', slow: all(1.02 ** 15) }),
];

/** Half as slow as before the rollout, as when a busy hour ends: what was usual says little of what is. */
const fasterNow = () => 0.5;
const AFTER_A_BUSY_HOUR: readonly Scenario[] = [
  scenario({ name: 'A10', about: 'both arms twice as fast as before the rollout', sharedSlowness: fasterNow }),
  scenario({
    name: 'A10 n=50',
    about: 'the same at 50 requests a minute',
    n: 50,
    sharedSlowness: fasterNow,
  }),
  scenario({
    name: 'N3',
    about: 'at the promotion margin of latency, both arms twice as fast as before',
    expected: 'no-promotion',
    sharedSlowness: fasterNow,
    slow: all(1.02 ** 15),
  }),
];

/** Seeds come from the place: new ones go to the end. */
export const SCENARIOS: readonly Scenario[] = [
  ...HARMLESS,
  ...REGRESSIONS.map((one) => ({ ...one, expected: 'rollback' as const })),
  ...BETWEEN.map((one) => ({ ...one, expected: 'rollback' as const })),
  ...NOT_TO_PROMOTE.map((one) => ({ ...one, expected: 'no-promotion' as const })),
  ...AFTER_A_BUSY_HOUR,
];
