/** Reads the command line of the judge; all problems in one error. */
import { parseArgs } from 'node:util';
import { DEFAULT_RULE_OPTIONS, type RuleOptions } from '../../domain/canary/rule/rule-options.ts';

export interface JudgeArguments {
  readonly help: boolean;
  readonly file: string;
  readonly options: RuleOptions;
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
  const options: RuleOptions = {
    ...DEFAULT_RULE_OPTIONS,
    alpha: number('alpha'),
    beta: number('beta'),
    errorMargin: number('error-margin'),
    latencyMarginBins: number('latency-margin-bins'),
    promoteErrorMargin: number('promote-error-margin'),
    promoteLatencyMarginBins: number('promote-latency-margin-bins'),
    warmUpBuckets: number('warm-up'),
    soakLooks: number('soak'),
    start: { ...DEFAULT_RULE_OPTIONS.start, horizonLooks: number('horizon') },
    rollbackAfterSilentLooks: lost === 'rollback' ? DEFAULT_RULE_OPTIONS.rollbackAfterSilentLooks : null,
  };
  if (lost !== 'hold' && lost !== 'rollback') problems.push(`--lost-telemetry ${lost} is neither hold nor rollback`);
  const help = given.help === true;
  if (!help && positionals.length !== 1) problems.push(`one file is wanted (or -), not ${positionals.length}`);
  if (problems.length > 0) throw new Error(`${problems.join('; ')}. Try --help.`);
  return { help, file: positionals[0] ?? '-', options };
}

function readNumber(name: NumberName, text: string, problems: string[]): number {
  const { least, most, whole } = NUMBERS[name];
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    problems.push(`--${name} ${text} is no ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
  }
  return value;
}
