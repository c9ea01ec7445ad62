/** Reads the command line of the judge; all problems in one error. */
import { parseArgs } from 'node:util';
import { type JudgeOptions, PRIOR_OF_FIRST } from '../../domain/judge/judge-options.ts';

export interface JudgeArguments {
  readonly help: boolean;
  readonly file: string;
  readonly options: LineOptions;
}

/** Options of one line; its design effects come with it. */
export interface LineOptions {
  readonly judging: JudgeOptions;
  readonly warmUpMinutes: number;
  readonly rollsBackWhenLost: boolean;
}

interface NumberOption {
  readonly initial: string;
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

const SHARE = { least: 1e-12, most: 0.5, whole: false } as const;
const RATE = { least: 0, most: 0.5, whole: false } as const;
const COUNT = { least: 0, most: 10_000, whole: true } as const;

const NUMBERS = {
  alpha: { initial: '0.05', ...SHARE },
  beta: { initial: '0.05', ...SHARE },
  'error-margin': { initial: '0.002', ...RATE },
  'latency-margin-bins': { initial: '1', ...COUNT, most: 40 },
  'promote-error-margin': { initial: '0.0075', ...RATE },
  'promote-latency-margin-bins': { initial: '3', ...COUNT, most: 40 },
  'warm-up': { initial: '0', ...COUNT },
  soak: { initial: '10', ...COUNT },
  horizon: { initial: '60', ...COUNT, least: 1 },
} as const satisfies Record<string, NumberOption>;

type NumberName = keyof typeof NUMBERS;

export function parseJudgeArguments(args: readonly string[]): JudgeArguments {
  const names = Object.keys(NUMBERS) as NumberName[];
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const, default: NUMBERS[name].initial }])),
      'lost-telemetry': { type: 'string', default: 'hold' },
      help: { type: 'boolean', default: false },
    },
  });
  const given = values as Readonly<Record<string, string | boolean | undefined>>;
  const problems: string[] = [];
  const number = (name: NumberName) => readNumber(name, String(given[name]), problems);
  const lost = given['lost-telemetry'];
  const options: LineOptions = {
    judging: judgingOf(number),
    warmUpMinutes: number('warm-up'),
    rollsBackWhenLost: lost === 'rollback',
  };
  if (lost !== 'hold' && lost !== 'rollback') problems.push(`--lost-telemetry ${lost} is neither hold nor rollback`);
  const help = given.help === true;
  if (!help && positionals.length !== 1) problems.push(`one file is wanted (or -), not ${positionals.length}`);
  if (problems.length > 0) throw new Error(`${problems.join('; ')}. Try --help.`);
  return { help, file: positionals[0] ?? '-', options };
}

/** Errors and latency alone: a line holds nothing of answers. */
function judgingOf(number: (name: NumberName) => number): JudgeOptions {
  const errors = { margin: number('error-margin'), promoteMargin: number('promote-error-margin') };
  const marginBins = number('latency-margin-bins');
  const promoteMarginBins = number('promote-latency-margin-bins');
  const beta = number('beta');
  return {
    alpha: number('alpha'),
    beta,
    betaStep: beta,
    warmUpBuckets: 0,
    soakBuckets: number('soak'),
    designEffects: { errors: 1, latency: 1, source: 'given' },
    prior: { first: PRIOR_OF_FIRST, horizonBuckets: number('horizon') },
    settings: {
      errors,
      latency: { marginBins, promoteMarginBins, assuredTails: [0.5, 0.05, 0.01] },
      together: { errorMargin: errors.margin, latencyMarginBins: marginBins },
    },
  };
}

function readNumber(name: NumberName, text: string, problems: string[]): number {
  const { least, most, whole } = NUMBERS[name];
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    problems.push(`--${name} ${text} is no ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
  }
  return value;
}
