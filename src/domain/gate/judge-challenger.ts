/**
 * Whether a challenger may be registered: on the same hold-out rows its loss must surely exceed the champion's by less than
 * the margin, overall and in every slice that the policy names.
 *
 * The bound is one-sided: mean + quantile * standard error, with Student's quantile and Johnson's correction for skewness
 * (N. J. Johnson: "Modified t tests and confidence intervals for asymmetrical populations", JASA 73, 1978). All must pass,
 * so no correction for several slices is needed (intersection-union test).
 */
import { normalQuantile } from '../statistics/normal-quantile.ts';
import type { GateMeasurements, PairedLoss } from './paired-loss.ts';

export interface GatePolicy {
  /** By how much the challenger's mean loss may exceed the champion's, in units of the loss; 0: it must be better. */
  readonly lossMargin: number;
  /** One-sided, for example 0.95. */
  readonly confidence: number;
  /** Rows that the hold-out and every named slice needs, at least 200. */
  readonly minRows: number;
  readonly slices: readonly { readonly name: string; readonly lossMargin: number }[];
}

export type GateVerdict = 'pass' | 'fail' | 'not-enough-data';

export interface GatePart {
  /** `all rows` or the name of a slice. */
  readonly name: string;
  readonly verdict: GateVerdict;
  /** Upper bound of the difference in loss; null without data. */
  readonly upper: number | null;
  readonly sentence: string;
}

export interface GateDecision {
  readonly verdict: GateVerdict;
  readonly sentence: string;
  readonly parts: readonly GatePart[];
}

/** Below it no bound of skewed losses holds what it promises. */
const LEAST_ROWS = 200;

export function judgeChallenger(measurements: GateMeasurements, policy: GatePolicy): GateDecision {
  const parts = [
    judgePart('all rows', measurements.overall, policy.lossMargin, policy),
    ...policy.slices.map(({ name, lossMargin }) => judgePart(name, measurements.slices[name], lossMargin, policy)),
  ];
  const failed = parts.find(({ verdict }) => verdict === 'fail');
  const unknown = parts.find(({ verdict }) => verdict === 'not-enough-data');
  const verdict = failed ? 'fail' : unknown ? 'not-enough-data' : 'pass';
  return { verdict, sentence: (failed ?? unknown ?? parts[0])?.sentence ?? '', parts };
}

function judgePart(name: string, loss: PairedLoss | undefined, margin: number, policy: GatePolicy): GatePart {
  const rows = loss?.rows ?? 0;
  const needed = Math.max(LEAST_ROWS, policy.minRows);
  if (!loss || rows < needed) {
    const sentence = `On ${name} there are ${rows} hold-out rows, and ${needed} are needed.`;
    return { name, verdict: 'not-enough-data', upper: null, sentence };
  }
  const upper = upperBound(loss, policy.confidence);
  const passes = upper < margin;
  const surely = `surely (${shown(100 * policy.confidence)} %)`;
  const verdictText = passes
    ? `${surely} no worse than the margin of ${shown(margin)}`
    : `not ${surely} within the margin of ${shown(margin)}`;
  const sentence =
    `On ${name} (${rows} rows) the challenger's loss is ${shown(loss.challengerLoss)} and the champion's ` +
    `${shown(loss.championLoss)}; the difference is at most ${shown(upper)}: ${verdictText}.`;
  return { name, verdict: passes ? 'pass' : 'fail', upper, sentence };
}

/** Above the true mean difference with the chance of `confidence`. */
export function upperBound(loss: PairedLoss, confidence: number): number {
  const { rows, differenceMean, differenceVariance, differenceSkewness } = loss;
  const deviation = Math.sqrt(differenceVariance);
  const quantile = studentQuantile(1 - confidence, rows - 1);
  const skewness = (differenceSkewness * deviation * (1 + 2 * quantile * quantile)) / (6 * rows);
  return differenceMean + skewness + (quantile * deviation) / Math.sqrt(rows);
}

/** Upper quantile of Student's distribution by its expansion in 1 / degrees (Abramowitz and Stegun 26.7.5); for 199 and more. */
function studentQuantile(tail: number, degrees: number): number {
  const z = normalQuantile(tail);
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  return z + first / degrees + second / degrees ** 2;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
