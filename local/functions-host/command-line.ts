/** Reads the host's command line. */
import { parseArgs } from 'node:util';
import { messageOf, StartFailure } from './seams/start-failure.ts';

export const HELP = `Runs a built Azure Functions app (Node.js, v4 programming model) on this machine.

  node local/functions-host/main.mjs --script-root <folder> [--port <n>] [--rpc-port <n>] [--settings <file>]

  --script-root <folder>  the app folder with host.json and package.json (default: the current folder)
  --port <n>              port on 127.0.0.1; 0 picks a free one (default: Host.LocalHttpPort of the settings, or 7071)
  --rpc-port <n>          port of the Durable RPC endpoint (default: 17071, or a free one of 30000-31000)
  --settings <file>       settings file (default: local.settings.json in the app folder); the environment wins over it
  --verbose               shows debug messages too
  --help                  shows this text
`;

export interface StartOptions {
  readonly verbose: boolean;
  readonly scriptRoot: string;
  readonly port: number | undefined;
  readonly rpcPort: number | undefined;
  readonly settingsFile: string | undefined;
  /** Only these are served; undefined: all. */
  readonly functions: readonly string[] | undefined;
}

export interface CommandLine extends StartOptions {
  readonly help: boolean;
}

/** Throws an Error that names the wrong option. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'script-root': { type: 'string', default: '.' },
      port: { type: 'string' },
      'rpc-port': { type: 'string' },
      settings: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    help: values.help,
    verbose: values.verbose,
    scriptRoot: values['script-root'],
    port: parsePort('--port', values.port),
    rpcPort: parsePort('--rpc-port', values['rpc-port']),
    settingsFile: values.settings,
    functions: undefined,
  };
}

export function parsePort(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new Error(`${option} must be a port number from 0 to 65535, not "${text}".`);
}

/** A command line that cannot be read is for the person who typed it: one message without a stack. */
export function orStartFailure<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new StartFailure('command-line', messageOf(cause), '--help lists every option.', { cause });
  }
}
