/** `npm start`: brings the local Azure up, prints every address, and leaves it running until Ctrl-C. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const HELP = `Starts Azure on this machine with the app in it: identity, storage (Azurite), Monitor, Event Grid, Azure ML
with real scoring processes, and the Functions host. Every address is printed and written to .slipway/stack.json.

  npm start -- [--bucket-seconds <n>] [--policies <folder>] [--script-root <dir>]
               [--persist] [--without-host] [--host-port <n>]

  --bucket-seconds <n>  unit of every telemetry duration (default 2; production 60)
  --policies <folder>   rollout policies (default: those of examples/, with the bucket above)
  --script-root <dir>   the built app to run (default: this checkout)
  --persist             keeps storage in .slipway/azurite for the next start
  --without-host        starts no app, for example to run it under Functions Core Tools
  --host-port <n>       port of the Functions host (default 7071)
  --help                shows this text

Ctrl-C stops every process that was started.
`;
const DEFAULT_HOST_PORT = 7071;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'bucket-seconds': { type: 'string' },
      policies: { type: 'string' },
      'script-root': { type: 'string' },
      persist: { type: 'boolean', default: false },
      'without-host': { type: 'boolean', default: false },
      'host-port': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const startedAtMs = Date.now();
  const say = (line: string) => {
    const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
    process.stdout.write(`[${seconds.padStart(5)} s] ${line}\n`);
  };
  const { startStack } = await import('./stack/start-stack.ts');
  const stack = await startStack({
    bucketSeconds: wholeNumber('--bucket-seconds', values['bucket-seconds'] ?? '2'),
    persist: values.persist,
    withHost: !values['without-host'],
    ports: { host: wholeNumber('--host-port', values['host-port'] ?? String(DEFAULT_HOST_PORT)) },
    log: say,
    ...(values['script-root'] === undefined ? {} : { scriptRoot: resolve(values['script-root']) }),
    ...(values.policies === undefined ? {} : { policiesFolder: resolve(values.policies) }),
  });
  process.stdout.write(
    `\n${table(stack.addresses)}\n\nAlso in ${stack.stateFolder}/stack.json. Ctrl-C stops everything.\n`,
  );
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new Error(`${option} must be a whole number, not "${text}".`);
}

function table(addresses: object): string {
  const rows = Object.entries(addresses);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, address]) => `  ${name.padEnd(width)}  ${address}`).join('\n');
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The local Azure could not be started. ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
