/**
 * Whether a challenger may be registered: on the same hold-out rows its loss must surely exceed the champion's by less than
 * the margin, overall and in every slice that the policy names.
 *
 * All must pass, so no correction for several slices is needed (intersection-union test). No bound is no pass.
 */
import { boundOfMoments, boundOfRows, type GateBound } from './gate-bound.ts';
import type { LossSamples } from './loss-sample.ts';
import type { GateMeasurements } from './paired-loss.ts';

export interface GatePolicy {
  /** By how much the challenger's mean loss may exceed the champion's, in units of the loss; 0: it must be better. */
  readonly lossMargin: number;
  /** One-sided, for example 0.95. */
  readonly confidence: number;
  /** Rows that the hold-out and every named slice needs, at least 200. */
  readonly minRows: number;
  readonly slices: readonly { readonly name: string; readonly lossMargin: number }[];
  /** Where the job writes its losses row by row; absent or null: metrics are all there is. */
  readonly losses?: LossesPlace | null;
}

export interface LossesPlace {
  /** Name of the job's output. */
  readonly output: string;
  /** Its address, with the job's name still to be filled in. */
  readonly uri: string;
}

export type GateVerdict = 'pass' | 'fail' | 'not-enough-data';

export interface GatePart {
  /** `all rows` or the name of a slice. */
  readonly name: string;
  readonly verdict: GateVerdict;
  /** Upper bound of the difference in loss; null without data. */
  readonly upper: number | null;
  readonly rows: number;
  /** How the bound came about; null with too few rows. */
  readonly bound: GateBound | null;
  readonly sentence: string;
}

export interface GateDecision {
  readonly verdict: GateVerdict;
  readonly sentence: string;
  readonly parts: readonly GatePart[];
}

interface Measured {
  readonly rows: number;
  readonly championLoss: number;
  readonly challengerLoss: number;
  readonly differenceMean: number;
}

/** Below it no bound of skewed losses holds what it promises. */
const LEAST_ROWS = 200;

/** From what the job logged of its rows. */
export function judgeChallenger({ overall, slices }: GateMeasurements, policy: GatePolicy): GateDecision {
  return decide(overall, slices, policy, (loss) => boundOfMoments(loss, policy.confidence));
}

/** From the rows themselves; the same seed decides the same. */
export function judgeLosses({ overall, slices }: LossSamples, policy: GatePolicy, seed: number): GateDecision {
  return decide(overall, slices, policy, (sample) => boundOfRows(sample, policy.confidence, seed));
}

function decide<Part extends Measured>(
  overall: Part,
  slices: Readonly<Record<string, Part>>,
  policy: GatePolicy,
  boundOf: (part: Part) => GateBound,
): GateDecision {
  const needed = Math.max(LEAST_ROWS, policy.minRows);
  const judge = (name: string, part: Part | undefined, margin: number): GatePart => {
    if (part && part.rows >= needed) return judgePart(name, part, boundOf(part), { ...policy, lossMargin: margin });
    const rows = part?.rows ?? 0;
    const sentence = `On ${name} there are ${rows} hold-out rows, and ${needed} are needed.`;
    return { name, verdict: 'not-enough-data', upper: null, rows, bound: null, sentence };
  };
  const parts = [
    judge('all rows', overall, policy.lossMargin),
    ...policy.slices.map(({ name, lossMargin }) => judge(name, slices[name], lossMargin)),
  ];
  const failed = parts.find(({ verdict }) => verdict === 'fail');
  const unknown = parts.find(({ verdict }) => verdict === 'not-enough-data');
  const verdict = failed ? 'fail' : unknown ? 'not-enough-data' : 'pass';
  return { verdict, sentence: (failed ?? unknown ?? parts[0])?.sentence ?? '', parts };
}

function judgePart(name: string, part: Measured, bound: GateBound, policy: GatePolicy): GatePart {
  const { rows, championLoss, challengerLoss } = part;
  const { verdict, told } = verdictOf(part, bound, policy);
  const sentence =
    `On ${name} (${rows} rows) the challenger's loss is ${shown(challengerLoss)} and the champion's ` +
    `${shown(championLoss)}; ${told}`;
  return { name, verdict, upper: bound.upper, rows, bound, sentence };
}

/** A mean that is beyond the margin already needs no bound to fail. */
function verdictOf(
  { differenceMean }: Measured,
  bound: GateBound,
  { lossMargin: margin, confidence }: GatePolicy,
): { readonly verdict: GateVerdict; readonly told: string } {
  const surely = `surely (${shown(100 * confidence)} %)`;
  if (bound.method === 'none') {
    if (differenceMean < margin) {
      return { verdict: 'not-enough-data', told: `how sure that is cannot be said: ${bound.reason}.` };
    }
    return {
      verdict: 'fail',
      told: `the difference is ${shown(differenceMean)}: not within the margin of ${shown(margin)}.`,
    };
  }
  const most = `the difference is at most ${shown(bound.upper)} (${methodOf(bound)})`;
  if (bound.upper < margin) {
    return { verdict: 'pass', told: `${most}: ${surely} no worse than the margin of ${shown(margin)}.` };
  }
  return { verdict: 'fail', told: `${most}: not ${surely} within the margin of ${shown(margin)}.` };
}

function methodOf(bound: Exclude<GateBound, { readonly method: 'none' }>): string {
  switch (bound.method) {
    case 'exact':
      return `exact: ${bound.worse} rows worse, ${bound.discordant - bound.worse} better, the others alike`;
    case 'bootstrap-t':
      return `bootstrap, ${bound.resamples} resamples`;
    case 'moments':
      return 'from mean, variance and skewness';
  }
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
