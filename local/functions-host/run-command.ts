/** What the host's command does: starts one app, says where it is served, stops on SIGINT or SIGTERM; exit code 1 when it cannot. */
import { join } from 'node:path';
import { systemClock } from '../emulator/clock.ts';
import { HELP, orStartFailure, parseCommandLine, type StartOptions } from './command-line.ts';
import { createLineLog, type HostLog, type HostLogLevel } from './seams/host-log.ts';
import { messageOf, StartFailure } from './seams/start-failure.ts';
import { type LocalSettings, mergeSettings, readLocalSettings } from './settings/local-settings.ts';
import { type RunningFunctionsHost, startFunctionsHost } from './start-functions-host.ts';

const DEFAULT_PORT = 7071;

/** Resolves once the host is served; the process then lives until a signal. Ends the process where it cannot go on. */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    const commandLine = orStartFailure(() => parseCommandLine(args));
    if (commandLine.help) process.stdout.write(HELP);
    else await startAndReport(commandLine);
  } catch (error) {
    endWithFailure(error);
  }
}

/** Rejects when the app cannot be started. */
export async function startAndReport(commandLine: StartOptions): Promise<void> {
  const log = createLineLog(minimumLevel(commandLine), systemClock.nowMs, (line) => process.stdout.write(line));
  const starting = start(commandLine, log);
  stopOnSignal(starting, log);
  const host = await starting;
  endOnCrash();
  for (const { name, triggerType, address } of host.functions) {
    process.stdout.write(`  ${name}: ${address ?? triggerType}\n`);
  }
  if (host.rpcUrl) process.stdout.write(`  Durable RPC endpoint: ${host.rpcUrl}\n`);
  process.stdout.write(`Host ready on ${host.url}\n`);
}

function minimumLevel({ verbose }: StartOptions): HostLogLevel {
  return verbose ? 'debug' : 'information';
}

function start(commandLine: StartOptions, log: HostLog): Promise<RunningFunctionsHost> {
  const { scriptRoot, settingsFile, rpcPort, functions } = commandLine;
  const path = settingsFile ?? join(scriptRoot, 'local.settings.json');
  const local: LocalSettings = readLocalSettings(path, settingsFile !== undefined);
  return startFunctionsHost({
    scriptRoot,
    port: commandLine.port ?? local.localHttpPort ?? DEFAULT_PORT,
    rpcPort,
    functions,
    settings: mergeSettings(local.values, process.env),
    clock: systemClock,
    log,
  });
}

/** A signal during the start waits for its end: a half-started host could leave its storage in the middle of a write. */
function stopOnSignal(starting: Promise<RunningFunctionsHost>, log: HostLog): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    log('information', 'The host is stopping.');
    try {
      await (await starting).stop();
      process.exit(0);
    } catch (error) {
      endWithFailure(error);
    }
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** An error outside any invocation ends the real worker process too; going on would hide it. */
function endOnCrash(): void {
  process.on('uncaughtException', (error) => {
    process.stderr.write(`The app threw outside of an invocation, which ends the process:\n${error.stack ?? error}\n`);
    process.exit(1);
  });
}

/** One message for the person who started the host, then exit code 1. */
export function endWithFailure(error: unknown): void {
  const text =
    error instanceof StartFailure ? error.message : (error instanceof Error && error.stack) || messageOf(error);
  process.stderr.write(`The Functions host cannot go on. ${text}\n`);
  process.exit(1);
}
