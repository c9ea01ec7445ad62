/** What becomes of the answers, and what they are, in one kind of synthetic rollout. */

/** How many outcomes or predictions each arm has, and when green begins to differ. */
export interface Shape {
  readonly name: string;
  readonly about: string;
  /** What the right answer is: leave green alone, or find it. */
  readonly expected: 'harmless' | 'found';
  /** Requests per bucket with a known outcome, or with a prediction. */
  readonly green: number;
  readonly blue: number;
  /** First bucket in which green differs. */
  readonly onset: number;
}

/** Share of hits of blue and what green has less. */
export interface RateScenario extends Shape {
  readonly of: 'rate';
  readonly rate: (bucket: number) => number;
  readonly loss: number;
}

/** Amounts, most of them small: log-normal, cut at blue's 99.5th percentile. Green's are smaller by the factor 1 - loss. */
export interface MeanScenario extends Shape {
  readonly of: 'mean';
  /** Factor by which the amounts of both arms grow. */
  readonly level: (bucket: number) => number;
  readonly loss: number;
}

/** Numbers of which green predicts more below blue's median, or classes of which green predicts one less. */
export interface PredictionScenario extends Shape {
  readonly of: 'numbers' | 'classes' | 'copies';
  /** Difference in the share below the median, or of the class. */
  readonly shift: number;
}

export type AnswerScenario = RateScenario | MeanScenario | PredictionScenario;

export const BUCKETS = 60;
export const BUCKET_MS = 60_000;
/** Shares of the classes; the second is the one of which green predicts less. */
export const CLASSES = [
  { value: 'none', share: 0.4 },
  { value: 'low', share: 0.3 },
  { value: 'middle', share: 0.2 },
  { value: 'high', share: 0.1 },
] as const;

const OUTCOMES = { green: 100, blue: 100, onset: 0 } as const;
const PREDICTIONS = { green: 200, blue: 200, onset: 0 } as const;
const RATE = { of: 'rate', rate: () => 0.3, ...OUTCOMES } as const;
const MEAN = { of: 'mean', level: () => 1, ...OUTCOMES } as const;

/** Margins: 1 percentage point of the rate, 2 % of the mean, 5 percentage points of the predictions. */
export const MARGINS = { rate: 0.01, mean: 0.02, predictions: 0.05 } as const;

export const ANSWER_SCENARIOS: readonly AnswerScenario[] = [
  harmless({ ...RATE, name: 'O1 rate A/A', about: '30 % hits, 100 + 100 outcomes', loss: 0 }),
  harmless({ ...RATE, name: 'O2 rate at the margin', about: '30 % and 29 %', loss: MARGINS.rate }),
  harmless({
    ...RATE,
    name: 'O3 rate drifts',
    about: 'both fall from 30 % to 15 %',
    rate: (at) => (at < 30 ? 0.3 : 0.15),
    loss: 0,
  }),
  harmless({ ...MEAN, name: 'O4 mean A/A', about: 'cut log-normal, 100 + 100', loss: 0 }),
  harmless({ ...MEAN, name: 'O5 mean at the margin', about: 'green 2 % less', loss: MARGINS.mean }),
  harmless({
    ...MEAN,
    name: 'O6 mean drifts',
    about: 'both double from minute 30',
    level: (at) => (at < 30 ? 1 : 2),
    loss: 0,
  }),
  harmless({ ...MEAN, name: 'O7 mean A/A, few of blue', about: '180 + 20', green: 180, blue: 20, loss: 0 }),
  harmless({ ...PREDICTIONS, name: 'P1 numbers A/A', about: '200 + 200 predictions', of: 'numbers', shift: 0 }),
  harmless({
    ...PREDICTIONS,
    name: 'P2 numbers at the margin',
    about: '+5 pp below the median',
    of: 'numbers',
    shift: MARGINS.predictions,
  }),
  harmless({ ...PREDICTIONS, name: 'P3 copies', about: 'both answer the same inputs', of: 'copies', shift: 0 }),
  harmless({ ...PREDICTIONS, name: 'P4 classes A/A', about: 'four classes', of: 'classes', shift: 0 }),
  found({ ...RATE, name: 'O8 rate -5 pp', about: '30 % and 25 %', loss: 0.05 }),
  found({
    ...RATE,
    name: 'O9 rate -5 pp late',
    about: 'from minute 30, 200 + 200',
    loss: 0.05,
    onset: 30,
    green: 200,
    blue: 200,
  }),
  found({ ...MEAN, name: 'O10 mean -10 %', about: 'cut log-normal', loss: 0.1 }),
  found({ ...PREDICTIONS, name: 'P5 numbers +8 pp', about: 'below the median', of: 'numbers', shift: 0.08 }),
  found({ ...PREDICTIONS, name: 'P6 class -10 pp', about: '30 % and 20 % of one class', of: 'classes', shift: 0.1 }),
];

/** Without what the right answer is. */
type Case<S> = S extends unknown ? Omit<S, 'expected'> : never;

function harmless(scenario: Case<AnswerScenario>): AnswerScenario {
  return { ...scenario, expected: 'harmless' };
}

function found(scenario: Case<AnswerScenario>): AnswerScenario {
  return { ...scenario, expected: 'found' };
}
