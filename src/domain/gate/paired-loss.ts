/** What a training job measures of champion and challenger on the same hold-out rows. */

/**
 * Losses per row, smaller is better: 0 or 1, log loss, absolute error. Differences are challenger minus champion, row by
 * row; their variance has the divisor n - 1.
 */
export interface PairedLoss {
  readonly rows: number;
  readonly championLoss: number;
  readonly challengerLoss: number;
  readonly differenceMean: number;
  readonly differenceVariance: number;
  /** Third standardised moment of the differences; 0 where they do not vary. Without it the bound is too low for rare big losses. */
  readonly differenceSkewness: number;
}

export interface GateMeasurements {
  readonly overall: PairedLoss;
  readonly slices: Readonly<Record<string, PairedLoss>>;
}

export type GateReading =
  | { readonly ok: true; readonly measurements: GateMeasurements }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Metrics of all rows begin with it. */
export const GATE_METRICS = 'gate.';
const TOLERANCE = 1e-6;

/** What the metrics of a slice begin with. */
export function sliceMetrics(slice: string): string {
  return `gate.slice.${slice}.`;
}

/** Reads the metrics that a job logged (`gate.rows`, .., `gate.slice.<slice>.rows`, ..); every problem names its metric. */
export function readGateMetrics(metrics: Readonly<Record<string, number>>, slices: readonly string[]): GateReading {
  const problems: string[] = [];
  const overall = readLoss(metrics, GATE_METRICS, problems);
  const ofSlices = slices.map((slice) => [slice, readLoss(metrics, sliceMetrics(slice), problems)] as const);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, measurements: { overall, slices: Object.fromEntries(ofSlices) } };
}

function readLoss(metrics: Readonly<Record<string, number>>, prefix: string, problems: string[]): PairedLoss {
  const read = (name: string, isValid: (value: number) => boolean, what: string) => {
    const value = Object.hasOwn(metrics, prefix + name) ? metrics[prefix + name] : undefined;
    if (value !== undefined && Number.isFinite(value) && isValid(value)) return value;
    problems.push(
      value === undefined
        ? `The job did not log the metric ${prefix}${name}.`
        : `The metric ${prefix}${name} is ${value}, which is no ${what}.`,
    );
    return 0;
  };
  const loss = {
    rows: read('rows', (value) => Number.isSafeInteger(value) && value >= 0, 'count'),
    championLoss: read('champion_loss', () => true, 'loss'),
    challengerLoss: read('challenger_loss', () => true, 'loss'),
    differenceMean: read('difference_mean', () => true, 'difference'),
    differenceVariance: read('difference_variance', (value) => value >= 0, 'variance'),
    differenceSkewness: read('difference_skewness', () => true, 'skewness'),
  };
  if (!agrees(loss)) {
    problems.push(
      `The metrics ${prefix}* contradict each other: the mean difference is ${loss.differenceMean}, ` +
        `but the losses differ by ${loss.challengerLoss - loss.championLoss}; were both scored on the same rows?`,
    );
  }
  return loss;
}

function agrees({ championLoss, challengerLoss, differenceMean }: PairedLoss): boolean {
  const scale = Math.abs(championLoss) + Math.abs(challengerLoss);
  return agree(challengerLoss - championLoss, differenceMean, scale);
}

/** Equal but for rounding, as losses of this size have it; never where one is no number. */
export function agree(one: number, other: number, scale: number): boolean {
  return Math.abs(one - other) <= TOLERANCE * Math.max(scale, 1e-9);
}
