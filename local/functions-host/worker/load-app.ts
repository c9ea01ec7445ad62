/**
 * Loads one function app into this process and readies it for invocations.
 *
 * 1. The core module is in place before the first app file is loaded.
 * 2. Files load one after another; then the appStart hooks run, then the library is asked for its capabilities once.
 * 3. After that nothing can be registered. One process holds one app: the library keeps its state in its modules.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { HostLog } from '../seams/host-log.ts';
import { messageOf, StartFailure } from '../seams/start-failure.ts';
import { type AppLog, createAppLog } from './app-log.ts';
import { createCoreModule, provideCoreModule } from './core-module.ts';
import type { ProgrammingModel } from './core-types.ts';
import { type EntryFiles, findEntryFiles } from './entry-files.ts';
import { FunctionRegistry } from './function-registry.ts';
import { HookRegistry } from './hooks.ts';
import { type LibraryServers, startLibraryServers } from './library-servers.ts';

const CAPABILITIES = [
  'RawHttpBodyBytes',
  'RpcHttpTriggerMetadataRemoved',
  'RpcHttpBodyOnly',
  'IgnoreEmptyValuedRpcHttpHeaders',
  'UseNullableValueDictionaryForHttp',
  'WorkerStatus',
  'TypedDataCollection',
  'HandlesWorkerTerminateMessage',
];

const SHOWN_FRAMES = 5;

export interface LoadedApp {
  readonly registry: FunctionRegistry;
  readonly hooks: HookRegistry;
  readonly model: ProgrammingModel;
  readonly log: AppLog;
  /** Where the library takes proxied requests when the app streams HTTP. */
  readonly httpProxyUrl: string | undefined;
  /** Runs the appTerminate hooks; errors of hooks are logged. */
  terminate(): Promise<void>;
}

export async function loadApp(scriptRoot: string, log: HostLog): Promise<LoadedApp> {
  const registry = new FunctionRegistry();
  const hooks = new HookRegistry();
  const appLog = createAppLog(hooks, log);
  const entries = findEntryFiles(scriptRoot);
  const core = createCoreModule({ registry, hooks, log: appLog });
  const provided = provideCoreModule(core);
  for (const file of entries.files) {
    registry.loadingFile = file;
    await loadEntryFile(file, entries);
  }
  const model = core.getProgrammingModel();
  if (!model || registry.all().length === 0) throw noFunctions(entries);
  await runStartHooks(hooks, scriptRoot);
  const library = await startLibraryServers(model, Object.fromEntries(CAPABILITIES.map((name) => [name, 'true'])));
  registry.lock();
  return {
    registry,
    hooks,
    model,
    log: appLog,
    httpProxyUrl: library.capabilities.HttpUri,
    terminate: () => terminate(hooks, library, log).finally(() => provided.dispose()),
  };
}

async function loadEntryFile(file: string, entries: EntryFiles): Promise<void> {
  try {
    const isModule = file.endsWith('.mjs') || (file.endsWith('.js') && entries.isModulePackage);
    if (isModule) await import(pathToFileURL(file).href);
    else createRequire(file)(file);
  } catch (cause) {
    throw new StartFailure(
      'app-load',
      `The app file ${file} threw while loading: ${messageOf(cause)}\n${firstFrames(cause)}`,
      'Correct the app or the settings that it reads at start.',
      { cause },
    );
  }
}

/** Where it was thrown; the text of the error itself is in the message already. A syntax error starts with its place. */
function firstFrames(thrown: unknown): string {
  const lines = thrown instanceof Error ? (thrown.stack ?? '').split('\n') : [];
  const isSyntaxPlace = /^\S.*:\d+$/.test(lines[0] ?? '');
  return lines
    .filter((line, index) => /^\s+at /.test(line) || (isSyntaxPlace && index < 3))
    .slice(0, SHOWN_FRAMES)
    .map((line) => `${line}\n`)
    .join('');
}

function noFunctions(entries: EntryFiles): StartFailure {
  return new StartFailure(
    'no-functions',
    `The app registered no function (loaded: ${entries.files.join(', ')}).`,
    'Register with app.http(...) and the like at load time, and keep @azure/functions-core external when bundling: ' +
      'otherwise @azure/functions runs in test mode and registers nothing.',
  );
}

async function runStartHooks(hooks: HookRegistry, scriptRoot: string): Promise<void> {
  try {
    await hooks.run('appStart', { hookData: {}, appHookData: hooks.appHookData, functionAppDirectory: scriptRoot });
  } catch (cause) {
    throw new StartFailure('app-load', `An appStart hook failed: ${messageOf(cause)}.`, 'Correct the hook.', { cause });
  }
}

async function terminate(hooks: HookRegistry, library: LibraryServers, log: HostLog): Promise<void> {
  try {
    await hooks.run('appTerminate', { hookData: {}, appHookData: hooks.appHookData });
  } catch (error) {
    log('error', `An appTerminate hook failed: ${messageOf(error)}.`);
  }
  await library.close();
}
