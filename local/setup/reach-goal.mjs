/** Brings one goal of set-up about: one set-up at a time, ended cleanly by a signal. */
import { join } from 'node:path';
import { GOALS, needsPython } from './goals.mjs';
import { takeLock } from './lock.mjs';
import { slipwayFolder } from './paths.mjs';
import { stopCommands } from './run-command.mjs';
import { runSteps } from './run-steps.mjs';
import { createStepReport } from './step-report.mjs';
import { checkTools } from './tools.mjs';

/**
 * @param {string} goal a key of GOALS
 * @param {{ isTTY?: boolean, write(text: string): unknown }} output
 * @returns how many steps ran and how long it took
 */
export async function reachGoal(goal, output) {
  const startedAtMs = Date.now();
  const python = checkTools({ python: needsPython(goal) });
  const release = await takeLock(join(slipwayFolder, 'setup.lock'), (pid) =>
    output.write(`Another set-up (process ${pid}) is at work; waiting for it.\n`),
  );
  const report = createStepReport(output);
  const forget = endCleanlyOnSignals(() => {
    stopCommands();
    report.close();
    release();
    output.write('Interrupted. Run it again to go on.\n');
  });
  try {
    const ran = await runSteps(GOALS[goal].steps(python), report, stopCommands);
    return { ran, seconds: (Date.now() - startedAtMs) / 1000 };
  } finally {
    report.close();
    forget();
    release();
  }
}

function endCleanlyOnSignals(end) {
  const handlers = Object.entries({ SIGINT: 130, SIGTERM: 143 }).map(([signal, exitCode]) => {
    const handler = () => {
      end();
      process.exit(exitCode);
    };
    process.once(signal, handler);
    return () => process.removeListener(signal, handler);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}
