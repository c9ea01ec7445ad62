/**
 * Installs and trains what the demo and the tests need, and skips what is current: `npm run setup`.
 * Runs on any Node.js >= 20 without packages; may be interrupted, repeated and started twice at once.
 */
import { join } from 'node:path';
import { demoModelSteps } from './demo-models.mjs';
import { takeLock } from './lock.mjs';
import { npmPackagesStep } from './npm-packages.mjs';
import { rootFolder, slipwayFolder } from './paths.mjs';
import { SetupError, stopCommands } from './run-command.mjs';
import { runSteps } from './run-steps.mjs';
import { checkTools } from './tools.mjs';
import { mlflowEnvironmentStep, servingEnvironmentStep, trainingEnvironmentStep } from './virtual-environment.mjs';

const HELP = `Usage: node local/setup/setup.mjs [--without-models] [--help]

Installs what the demo and the tests need, into this folder only:
  node_modules            npm packages, as package-lock.json pins them
  .slipway/venv           Python packages for serving, training and MLflow, pinned with hashes
  .slipway/models         the demo's model versions, trained on real flights
  .slipway/data           the rows that the demo replays and retrains on
With --without-models nothing is trained: enough for the tests.
What is current is skipped. Logs: .slipway/logs. To begin anew, delete .slipway and node_modules.
`;

const WITHOUT_MODELS = '--without-models';

async function main() {
  if (process.argv.includes('--help')) return write(HELP);
  const startedAtMs = Date.now();
  const python = checkTools();
  const release = await takeLock(join(slipwayFolder, 'setup.lock'), (pid) =>
    write(`Another set-up (process ${pid}) is at work; waiting for it.\n`),
  );
  endCleanlyOnSignals(release);
  try {
    const ran = await runSteps(stepsWith(python, !process.argv.includes(WITHOUT_MODELS)), write);
    const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
    write(ran === 0 ? `Set-up is current (${seconds} s).\n` : `Set-up done in ${seconds} s.\n`);
  } finally {
    release();
  }
}

function stepsWith(python, models) {
  return [
    npmPackagesStep(rootFolder),
    servingEnvironmentStep(python),
    trainingEnvironmentStep(python),
    mlflowEnvironmentStep(python),
    ...(models ? demoModelSteps(python) : []),
  ];
}

function endCleanlyOnSignals(release) {
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ]) {
    process.once(signal, () => {
      stopCommands();
      release();
      write('\nInterrupted. Run it again to go on.\n');
      process.exit(exitCode);
    });
  }
}

function write(text) {
  process.stdout.write(text);
}

main().catch((error) => {
  process.stderr.write(`${error instanceof SetupError ? error.message : (error.stack ?? error)}\n`);
  process.exitCode = 1;
});
