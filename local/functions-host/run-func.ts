/** What `func` does: starts the app, or says what it can do; exit code 1 for what it cannot. */
import { orStartFailure } from './command-line.ts';
import { FUNC_HELP, type FuncCommand, parseFuncCommandLine } from './func-command-line.ts';
import { endWithFailure, startAndReport } from './run-command.ts';
import { HOST_VERSION } from './worker/core-module.ts';

export async function runFunc(args: readonly string[]): Promise<void> {
  try {
    await run(orStartFailure(() => parseFuncCommandLine(args)));
  } catch (error) {
    endWithFailure(error);
  }
}

async function run(command: FuncCommand): Promise<void> {
  switch (command.kind) {
    case 'help':
      process.stdout.write(FUNC_HELP);
      return;
    case 'version':
      process.stdout.write(`${HOST_VERSION}\n`);
      return;
    case 'start':
      await startAndReport(command.options);
  }
}
