/**
 * Starts the Functions host for one app in this process.
 *
 * 1. The port is taken before the app loads, so the app sees its own address (`WEBSITE_HOSTNAME`) from the first line.
 * 2. Nothing is served before everything is up; until then requests get 503.
 * 3. A start that fails leaves nothing open; `stop` is safe to call more than once.
 */
import { resolve } from 'node:path';
import type { Clock } from '../emulator/clock.ts';
import type { Listener } from './bindings/listener.ts';
import { CleanUps } from './clean-ups.ts';
import type { TaskHubStore } from './durable/store/task-hub-store.ts';
import { applyEnvironment } from './environment.ts';
import { describeFunctions, type FunctionSummary } from './function-summary.ts';
import { createHostRouter } from './host-router.ts';
import { type LoopbackServer, openLoopbackServer } from './http/loopback-server.ts';
import { createRoutes } from './http/route-table.ts';
import { createOutputWriter } from './outputs/output-writer.ts';
import { resolveFunctions, selectFunctions } from './resolve-functions.ts';
import { atLeast, type HostLog } from './seams/host-log.ts';
import type { FunctionDefinition } from './seams/invocation.ts';
import { StartFailure } from './seams/start-failure.ts';
import { NamespaceClients } from './service-bus/namespace-clients.ts';
import { type HostJson, readHostJson } from './settings/host-json.ts';
import type { Settings } from './settings/local-settings.ts';
import { startDurable } from './start-durable.ts';
import { createTimerStatus } from './triggers/blob-timer-status.ts';
import { createMessageListeners } from './triggers/create-message-listeners.ts';
import { createTimers } from './triggers/create-timers.ts';
import { createRunOnDemand } from './triggers/run-on-demand.ts';
import { checkBindings, usesDurable } from './triggers/supported-bindings.ts';
import { createInvoker, type InputProvider, type WorkerInvoker } from './worker/invoker.ts';
import { type LoadedApp, loadApp } from './worker/load-app.ts';

export interface FunctionsHostOptions {
  /** The built app folder: host.json, package.json and what its `main` names. */
  readonly scriptRoot: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Port of the Durable RPC endpoint; 17071 or a free one of 30000-31000 unless given. 0 picks a free one. */
  readonly rpcPort?: number | undefined;
  /** Serves these functions only, by name; undefined serves all. */
  readonly functions?: readonly string[] | undefined;
  /** The app's settings; they become environment variables of this process while the host runs. */
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: HostLog;
  /** Keeps Durable state here instead of in the app's storage account: in memory, for tests in virtual time. */
  readonly durableStore?: TaskHubStore | undefined;
}

export interface RunningFunctionsHost {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Base of the Durable RPC endpoint; undefined for an app without Durable functions. */
  readonly rpcUrl: string | undefined;
  readonly functions: readonly FunctionSummary[];
  /** Resolves when no Durable turn or activity is under way; timers that wait do not count. */
  whenIdle(): Promise<void>;
  stop(): Promise<void>;
}

/** Rejects with a StartFailure that says what to do. One app per process: the Functions library keeps global state. */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<RunningFunctionsHost> {
  const scriptRoot = resolve(options.scriptRoot);
  const hostJson = readHostJson(scriptRoot, options.settings);
  const cleanUps = new CleanUps();
  const stop = () => cleanUps.run();
  const log = atLeast(hostJson.logLevel, options.log);
  try {
    const front = await openLoopbackServer(options.port, log);
    cleanUps.add('The HTTP front', () => front.stop());
    const settings = {
      ...options.settings,
      WEBSITE_HOSTNAME: `localhost:${front.port}`,
      AzureWebJobsScriptRoot: scriptRoot,
      FUNCTIONS_WORKER_RUNTIME: 'node',
    };
    cleanUps.add('The environment', applyEnvironment(settings));
    const app = await loadApp(scriptRoot, log);
    cleanUps.add('The app', () => app.terminate());
    return { ...(await serve({ ...options, settings, log }, hostJson, front, app, cleanUps)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Served = Omit<RunningFunctionsHost, 'stop'>;

async function serve(
  options: FunctionsHostOptions,
  hostJson: HostJson,
  front: LoopbackServer,
  app: LoadedApp,
  cleanUps: CleanUps,
): Promise<Served> {
  const { settings, clock, log } = options;
  const definitions = resolveFunctions(selectFunctions(app.registry.all(), options.functions), settings);
  checkBindings(definitions, (name) => app.registry.find(name)?.file ?? 'the app');
  requireSome(definitions);
  const routes = createRoutes(definitions, hostJson.routePrefix);
  const inputProviders = new Map<string, InputProvider>();
  const namespaces = new NamespaceClients();
  cleanUps.add('The connection to Service Bus', () => namespaces.close());
  const writeOutputs = await createOutputWriter(definitions, { settings, queues: hostJson.queues, namespaces });
  const timeoutMs = hostJson.functionTimeoutMs;
  const invoker = createInvoker({ app, definitions, inputProviders, writeOutputs, timeoutMs, clock, log });
  const status = createTimerStatus(settings, resolve(options.scriptRoot), log);
  const timers = createTimers({ invoker, status, clock, log });
  const messages = await createMessageListeners({ invoker, hostJson, settings, namespaces, clock, log });
  const durable = usesDurable(definitions) ? await openDurable(options, hostJson, front, invoker) : undefined;
  if (durable) {
    inputProviders.set('durableClient', () => durable.clientInput());
    cleanUps.add('The Durable engine', () => durable.stop());
  }
  const startedAtMs = clock.nowMs();
  const admin = {
    functions: definitions,
    run: createRunOnDemand(invoker, timers),
    uptimeMs: () => clock.nowMs() - startedAtMs,
  };
  front.serve(createHostRouter({ routes, invoker, admin, durable: durable?.host, httpProxyUrl: app.httpProxyUrl }));
  startListeners([...timers.values(), ...messages], cleanUps);
  // Requests end first: those under way may still need the Durable engine.
  cleanUps.add('The HTTP front', () => front.stop());
  return {
    url: front.url,
    rpcUrl: durable?.rpcUrl,
    functions: describeFunctions(definitions, routes, front.url),
    whenIdle: async () => durable?.host.whenIdle(),
  };
}

function requireSome(definitions: readonly FunctionDefinition[]): void {
  if (definitions.length > 0) return;
  const remedy = 'Remove one of the AzureWebJobs.<name>.Disabled settings.';
  throw new StartFailure('no-functions', 'Every function of the app is disabled by a setting.', remedy);
}

function openDurable(options: FunctionsHostOptions, hostJson: HostJson, front: LoopbackServer, invoker: WorkerInvoker) {
  const { settings, clock, log, rpcPort, durableStore: store } = options;
  const section = hostJson.durableTask;
  return startDurable({ invoker, section, settings, clock, log, frontPort: front.port, rpcPort, store });
}

function startListeners(listeners: readonly Listener[], cleanUps: CleanUps): void {
  cleanUps.addTogether(
    listeners.map((listener) => ({ what: `The trigger of ${listener.functionName}`, run: () => listener.stop() })),
  );
  for (const listener of listeners) listener.start();
}
