/** Reads the command line of Functions Core Tools: the part of it that starts an app. */
import { parseArgs } from 'node:util';
import { parsePort, type StartOptions } from './command-line.ts';

export const FUNC_HELP = `Starts a built Azure Functions app (Node.js, v4 programming model) on this machine, in the place of
Azure Functions Core Tools.

  func start [--port <n>] [--functions <name> ...] [--script-root <folder>] [--verbose]

  start, host start       runs the app in the current folder
  -p, --port <n>          port on 127.0.0.1; 0 picks a free one (default: Host.LocalHttpPort of the settings, or 7071)
  --functions <name> ...  runs these functions only
  --script-root <folder>  the app folder (default: the current folder); --prefix means the same
  --verbose               shows debug messages too
  --no-build              accepted; the app is never built here
  -v, --version           shows the version
  -h, --help              shows this text
`;

export type FuncCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'start'; readonly options: StartOptions };

/** Throws an Error that names the wrong command or option. */
export function parseFuncCommandLine(args: readonly string[]): FuncCommand {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: 'string', short: 'p' },
      functions: { type: 'string', multiple: true },
      'script-root': { type: 'string' },
      prefix: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      version: { type: 'boolean', short: 'v', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.version) return { kind: 'version' };
  const [command, ...rest] = positionals[0] === 'host' ? positionals.slice(1) : positionals;
  if (values.help || command === undefined || command === 'help') return { kind: 'help' };
  if (command !== 'start') throw new Error(`This func knows only "start", not "${command}".`);
  if (rest.length > 0 && !values.functions) throw new Error(`"${rest[0]}" is one argument too many for func start.`);
  return {
    kind: 'start',
    options: {
      verbose: values.verbose,
      scriptRoot: values['script-root'] ?? values.prefix ?? '.',
      port: parsePort('--port', values.port),
      rpcPort: undefined,
      settingsFile: undefined,
      functions: values.functions && [...values.functions, ...rest],
    },
  };
}
