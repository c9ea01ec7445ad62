/** `npm run demo`: a local Azure, real traffic, retrainings and rollouts; exit code 0 only if all end as they should. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT_FOLDER } from '../local/stack/stack-options.ts';
import { type RunningStack, startStack } from '../local/stack/start-stack.ts';
import { FIRST_STORY, STORIES } from './all-stories.ts';
import { BUCKET_SECONDS, writeDemoPolicy } from './demo-policy.ts';
import { startPreparation } from './preparation.ts';
import { prepareDemo, SCENARIO_FOLDER } from './prepare-demo.ts';
import { allPassed, reportTable, writeReport } from './report.ts';
import { runStories } from './run-stories.ts';
import { chooseStories, listOf } from './stories/choose-stories.ts';
import type { Story } from './stories/story.ts';
import { startLiveView } from './view/live-view.ts';
import { createTerminal, type Terminal } from './view/terminal.ts';

const DEFAULT_RATE_PER_SECOND = 50;
const MAX_RATE_PER_SECOND = 200;
const DEMO_FOLDER = join(ROOT_FOLDER, '.slipway', 'demo');
const REPORT = join(DEMO_FOLDER, 'report.json');

const HELP = `Usage: npm run demo [-- --story <name>...] [--list] [--rate <requests per second>] [--help]

Starts a local Azure and deploys version 1 of the flights model. New versions come, by hand or because drift was found
and retrained; each is rolled out and judged on live traffic. All stories take about ten minutes.
The result is printed as a table and written to .slipway/demo/report.json. Ctrl-C stops everything.

  --story <name>   runs this story, and those that it needs; several names may follow (default: all)
  --list           lists the stories
  --rate <n>       requests per second of the clients, 1 to ${MAX_RATE_PER_SECOND} (default ${DEFAULT_RATE_PER_SECOND})

Stories:
${listOf(STORIES)}`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      list: { type: 'boolean' },
      rate: { type: 'string', default: String(DEFAULT_RATE_PER_SECOND) },
      story: { type: 'string', multiple: true, default: [] },
    },
  });
  if (values.help || values.list) {
    process.stdout.write(values.help ? HELP : listOf(STORIES));
    return 0;
  }
  const ratePerSecond = wholeNumber('--rate', values.rate, MAX_RATE_PER_SECOND);
  return runDemo(chooseStories(STORIES, [...values.story, ...positionals]), ratePerSecond);
}

function wholeNumber(option: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new Error(`${option} must be a whole number from 1 to ${max}; it is "${text}".`);
}

async function runDemo(stories: readonly Story[], ratePerSecond: number): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const startedAtMs = Date.now();
  const policiesFolder = await writeDemoPolicy(join(SCENARIO_FOLDER, 'policy.yaml'), join(DEMO_FOLDER, 'policies'));
  const stack = await startStack({ bucketSeconds: BUCKET_SECONDS, policiesFolder, log: terminal.say });
  try {
    const lines = await runOn(stack, terminal, stories, ratePerSecond);
    await writeReport(REPORT, lines);
    const seconds = Math.round((Date.now() - startedAtMs) / 1000);
    terminal.say(`\nDone in ${seconds} s; the report is in ${REPORT}`);
    process.stdout.write(`${reportTable(lines)}\n`);
    return allPassed(lines, stories.length) ? 0 : 1;
  } finally {
    await stack.stop();
  }
}

async function runOn(
  stack: RunningStack,
  terminal: Terminal,
  stories: readonly Story[],
  ratePerSecond: number,
): ReturnType<typeof runStories> {
  const demo = await prepareDemo(stack, { ratePerSecond, say: terminal.say });
  const { arm, audit, traffic } = demo.context;
  const preparation = startPreparation(terminal.say);
  const view = startLiveView({ arm, audit, traffic, terminal });
  let isPrepared: Promise<void> | undefined;
  const whenReadyFor = async (story: Story) => {
    if (story === FIRST_STORY) return;
    isPrepared ??= preparation.whenDone().then(() => demo.setUpRetraining());
    await isPrepared;
  };
  try {
    return await runStories(stories, { context: demo.context, view, whenReadyFor });
  } finally {
    await preparation.stop();
    await view.stop();
    await demo.stop();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
