/**
 * Starts the Functions host for one app in this process.
 *
 * 1. The port is taken before the app loads, so the app sees its own address (`WEBSITE_HOSTNAME`) from the first line.
 * 2. Nothing is served before everything is up; until then requests get 503.
 * 3. A start that fails leaves nothing open; `stop` is safe to call more than once.
 */
import { resolve } from 'node:path';
import type { Clock } from '../emulator/clock.ts';
import { applyEnvironment } from './environment.ts';
import { describeFunctions, type FunctionSummary } from './function-summary.ts';
import type { HostLog } from './host-log.ts';
import { createHostRouter } from './host-router.ts';
import { type LoopbackServer, openLoopbackServer } from './http/loopback-server.ts';
import { createRoutes } from './http/route-table.ts';
import { resolveFunctions } from './resolve-functions.ts';
import { type HostJson, readHostJson } from './settings/host-json.ts';
import type { Settings } from './settings/local-settings.ts';
import { startDurable } from './start-durable.ts';
import { StartFailure } from './start-failure.ts';
import { createTimers } from './triggers/create-timers.ts';
import { createRunOnDemand } from './triggers/run-on-demand.ts';
import { checkBindings, usesDurable } from './triggers/supported-bindings.ts';
import type { TimerListener } from './triggers/timer-listener.ts';
import { createMemoryTimerStatus } from './triggers/timer-status.ts';
import { createInvoker, type InputProvider, type WorkerInvoker } from './worker/invoker.ts';
import { type LoadedApp, loadApp } from './worker/load-app.ts';

export interface FunctionsHostOptions {
  /** The built app folder: host.json, package.json and what its `main` names. */
  readonly scriptRoot: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Port of the Durable RPC endpoint; 17071 or a free one of 30000-31000 unless given. 0 picks a free one. */
  readonly rpcPort?: number | undefined;
  /** The app's settings; they become environment variables of this process while the host runs. */
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: HostLog;
}

export interface RunningFunctionsHost {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Base of the Durable RPC endpoint; undefined for an app without Durable functions. */
  readonly rpcUrl: string | undefined;
  readonly functions: readonly FunctionSummary[];
  stop(): Promise<void>;
}

/** Rejects with a StartFailure that says what to do. One app per process: the Functions library keeps global state. */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<RunningFunctionsHost> {
  const scriptRoot = resolve(options.scriptRoot);
  const hostJson = readHostJson(scriptRoot, options.settings);
  const cleanUps: (() => unknown)[] = [];
  const stop = () => runCleanUps(cleanUps);
  try {
    const front = await openLoopbackServer(options.port, options.log);
    cleanUps.push(() => front.stop());
    const settings = {
      ...options.settings,
      WEBSITE_HOSTNAME: `localhost:${front.port}`,
      AzureWebJobsScriptRoot: scriptRoot,
      FUNCTIONS_WORKER_RUNTIME: 'node',
    };
    cleanUps.push(applyEnvironment(settings));
    const app = await loadApp(scriptRoot, options.log);
    cleanUps.push(() => app.terminate());
    return { ...(await serve({ ...options, settings }, hostJson, front, app, cleanUps)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Served = Pick<RunningFunctionsHost, 'url' | 'rpcUrl' | 'functions'>;

async function serve(
  options: FunctionsHostOptions,
  hostJson: HostJson,
  front: LoopbackServer,
  app: LoadedApp,
  cleanUps: (() => unknown)[],
): Promise<Served> {
  const { settings, clock, log } = options;
  const definitions = resolveFunctions(app.registry.all(), settings);
  checkDefinitions(definitions);
  const routes = createRoutes(definitions, hostJson.routePrefix);
  const inputProviders = new Map<string, InputProvider>();
  const invoker = createInvoker({
    app,
    definitions,
    inputProviders,
    timeoutMs: hostJson.functionTimeoutMs,
    clock,
    log,
  });
  const timers = createTimers({ invoker, status: createMemoryTimerStatus(), clock, log });
  const durable = usesDurable(definitions) ? await openDurable(options, hostJson, front, invoker) : undefined;
  if (durable) {
    inputProviders.set('durableClient', () => durable.clientInput());
    cleanUps.push(() => durable.stop());
  }
  const startedAtMs = clock.nowMs();
  const admin = {
    functions: definitions,
    run: createRunOnDemand(invoker, timers),
    uptimeMs: () => clock.nowMs() - startedAtMs,
  };
  front.serve(createHostRouter({ routes, invoker, admin, durable: durable?.host, httpProxyUrl: app.httpProxyUrl }));
  startTimers(timers, cleanUps);
  return { url: front.url, rpcUrl: durable?.rpcUrl, functions: describeFunctions(definitions, routes, front.url) };
}

function checkDefinitions(definitions: Parameters<typeof checkBindings>[0]): void {
  checkBindings(definitions);
  if (definitions.length > 0) return;
  const remedy = 'Remove one of the AzureWebJobs.<name>.Disabled settings.';
  throw new StartFailure('no-functions', 'Every function of the app is disabled by a setting.', remedy);
}

function openDurable(options: FunctionsHostOptions, hostJson: HostJson, front: LoopbackServer, invoker: WorkerInvoker) {
  const { settings, clock, log, rpcPort } = options;
  return startDurable({ invoker, section: hostJson.durableTask, settings, clock, log, frontPort: front.port, rpcPort });
}

function startTimers(timers: ReadonlyMap<string, TimerListener>, cleanUps: (() => unknown)[]): void {
  cleanUps.push(() => Promise.all([...timers.values()].map((timer) => timer.stop())));
  for (const timer of timers.values()) timer.start();
}

/** Last opened, first closed. One clean-up that fails does not keep the others from running. */
async function runCleanUps(cleanUps: (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let cleanUp = cleanUps.pop(); cleanUp; cleanUp = cleanUps.pop()) {
    try {
      await cleanUp();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `The host did not stop cleanly: ${failures.join('; ')}`);
}
