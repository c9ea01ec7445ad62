/** `npm run demo`: a local Azure, real traffic, retrainings and rollouts; exit code 0 only if all end as they should. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT_FOLDER } from '../stack/stack-options.ts';
import { type RunningStack, startStack } from '../stack/start-stack.ts';
import { BUCKET_SECONDS, writeDemoPolicy } from './demo-policy.ts';
import { prepareDemo, SCENARIO_FOLDER } from './prepare-demo.ts';
import { allPassed, reportTable, writeReport } from './report.ts';
import { RETRAININGS } from './retraining/all-retrainings.ts';
import { type DemoScenario, runDemo } from './run-demo.ts';
import { SCENARIOS } from './scenarios/all-scenarios.ts';
import { startLiveView } from './view/live-view.ts';
import { createTerminal, type Terminal } from './view/terminal.ts';

const DEFAULT_RATE_PER_SECOND = 50;
const DEMO_FOLDER = join(ROOT_FOLDER, '.slipway', 'demo');
const REPORT = join(DEMO_FOLDER, 'report.json');

/** Retrainings that come to nothing follow the first rollout: their champion is the version that it brought. */
const ALL: readonly DemoScenario[] = [...SCENARIOS.slice(0, 1), ...RETRAININGS, ...SCENARIOS.slice(1)];

const HELP = `Usage: npm run demo [-- --rate <requests per second>] [--scenarios <how many, from the first>]

Starts a local Azure and deploys version 1 of the flights model. Drift is found and retrained twice, other versions are
registered by hand, and each is rolled out and judged on live traffic.
The result is printed as a table and written to .slipway/demo/report.json.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      rate: { type: 'string', default: String(DEFAULT_RATE_PER_SECOND) },
      scenarios: { type: 'string', default: String(ALL.length) },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const ratePerSecond = wholeNumber('--rate', values.rate, 200);
  const scenarios = ALL.slice(0, wholeNumber('--scenarios', values.scenarios, ALL.length));
  const terminal = createTerminal(process.stdout);
  const startedAtMs = Date.now();
  const policiesFolder = await writeDemoPolicy(join(SCENARIO_FOLDER, 'policy.yaml'), join(DEMO_FOLDER, 'policies'));
  const stack = await startStack({ bucketSeconds: BUCKET_SECONDS, policiesFolder, log: terminal.say });
  try {
    const lines = await runOn(stack, terminal, scenarios, ratePerSecond);
    await writeReport(REPORT, lines);
    const seconds = Math.round((Date.now() - startedAtMs) / 1000);
    terminal.say(`\nDone in ${seconds} s; the report is in ${REPORT}`);
    process.stdout.write(`${reportTable(lines)}\n`);
    return allPassed(lines, scenarios.length) ? 0 : 1;
  } finally {
    await stack.stop();
  }
}

function wholeNumber(option: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new Error(`${option} must be a whole number from 1 to ${max}; it is "${text}".`);
}

async function runOn(
  stack: RunningStack,
  terminal: Terminal,
  scenarios: readonly DemoScenario[],
  ratePerSecond: number,
): ReturnType<typeof runDemo> {
  const demo = await prepareDemo(stack, { ratePerSecond, say: terminal.say });
  const { arm, audit, traffic } = demo.context;
  const view = startLiveView({ arm, audit, traffic, terminal });
  try {
    return await runDemo(scenarios, demo.context, view);
  } finally {
    await view.stop();
    await demo.stop();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  },
);
