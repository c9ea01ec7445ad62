/** The command line of a laboratory: `--quick`, `--write`, `--help`, progress, and an end that writes nothing on Ctrl-C. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

export interface LaboratoryCommand {
  readonly help: string;
  /** Where `--write` puts the report. */
  readonly resultsFile: string;
  /** Measures; `progress` hears the share that is done. */
  readonly report: (isQuick: boolean, progress: (share: number) => void) => Promise<string>;
}

/** Ends the process with 2 for wrong options or a measurement that broke off, 130 on Ctrl-C. */
export function runCommand(command: LaboratoryCommand): void {
  run(command).catch((error: unknown) => {
    console.error(`${error instanceof Error ? error.message : String(error)} Try --help.`);
    process.exitCode = 2;
  });
}

async function run({ help, resultsFile, report }: LaboratoryCommand): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(help);
  process.once('SIGINT', () => {
    process.stderr.write('\nStopped; nothing was written.\n');
    process.exit(130);
  });
  const startedMs = performance.now();
  const text = await report(values.quick, showProgress());
  console.log(text);
  console.error(`${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  if (values.write) writeFileSync(resultsFile, text);
}

/** On a terminal one line that changes, else a line for every tenth. */
function showProgress(): (share: number) => void {
  let shown = 0;
  return (share) => {
    const percent = Math.floor(100 * share);
    if (process.stderr.isTTY) process.stderr.write(`\r${percent} %${percent === 100 ? '\n' : ''}`);
    else if (percent >= shown + 10) {
      shown = percent - (percent % 10);
      process.stderr.write(`${shown} %\n`);
    }
  };
}
