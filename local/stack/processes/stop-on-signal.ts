/** Ends the process cleanly on SIGINT and SIGTERM: first everything stops, then the process; a second signal ends it at once. */
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Returns the function that withdraws the handlers. */
export function stopOnSignal(stop: () => Promise<void>, log: (line: string) => void): () => void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    const exitCode = 128 + constants.signals[signal];
    if (stopping) process.exit(exitCode);
    stopping = true;
    log(`${signal}: stopping everything (once more ends at once)`);
    void stop().finally(() => process.exit(exitCode));
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
