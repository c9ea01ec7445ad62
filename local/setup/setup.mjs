/**
 * Installs and trains what the demo and the tests need, and skips what is current: `npm run setup`.
 * Runs on any Node.js >= 20 without packages; may be interrupted, repeated and started twice at once.
 */
import { setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { DEFAULT_GOAL, GOALS } from './goals.mjs';
import { reachGoal } from './reach-goal.mjs';
import { SetupError } from './run-command.mjs';

const LOWEST_PRIORITY = 19;

const HELP = `Usage: npm run setup [-- --goal <goal>] [--in-background] [--help]

Installs what the demo and the tests need, into this folder only:
  node_modules            npm packages, as package-lock.json pins them, with Node.js 24
  .slipway/venv           Python packages for serving, training and MLflow, pinned with hashes
  .slipway/models         the demo's models, trained on real flights
  .slipway/data           the rows that the demo replays and retrains on

Goals:
${Object.entries(GOALS)
  .map(([name, { brings }]) => `  ${name.padEnd(22)}  ${brings}${name === DEFAULT_GOAL ? ' (the default)' : ''}`)
  .join('\n')}

--in-background           leaves the processor to everything else
What is current is skipped. Logs: .slipway/logs. To begin anew, delete .slipway and node_modules.
`;

async function main() {
  const { values } = parseArgs({
    options: {
      goal: { type: 'string', default: DEFAULT_GOAL },
      'in-background': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  if (!Object.hasOwn(GOALS, values.goal)) {
    throw new SetupError(`--goal is one of ${Object.keys(GOALS).join(', ')}; it is "${values.goal}".`);
  }
  if (values['in-background']) setPriority(LOWEST_PRIORITY);
  const { ran, seconds } = await reachGoal(values.goal, process.stdout);
  process.stdout.write(`${ran === 0 ? 'Set-up is current' : 'Set-up is done'} (${seconds.toFixed(1)} s).\n`);
}

main().catch((error) => {
  const isUsage = error instanceof SetupError || error.code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${isUsage ? error.message : (error.stack ?? error)}\n`);
  process.exitCode = 1;
});
