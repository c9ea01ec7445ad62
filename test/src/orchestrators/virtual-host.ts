/** Loads the app's Durable functions once in this process and opens local Durable hosts over them, with in-memory task hubs. */
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { createDurableHost, type LocalDurableHost } from '../../../local/functions-host/durable/create-durable-host.ts';
import { MemoryStore } from '../../../local/functions-host/durable/store/memory-store.ts';
import type { TaskHubStore } from '../../../local/functions-host/durable/store/task-hub-store.ts';
import type { FunctionInvoker } from '../../../local/functions-host/seams/invocation.ts';
import { createAppLog } from '../../../local/functions-host/worker/app-log.ts';
import { createCoreModule, provideCoreModule } from '../../../local/functions-host/worker/core-module.ts';
import { FunctionRegistry } from '../../../local/functions-host/worker/function-registry.ts';
import { HookRegistry } from '../../../local/functions-host/worker/hooks.ts';
import { createInvoker } from '../../../local/functions-host/worker/invoker.ts';
import { createOrchestrationControl } from '../../../src/adapters/durable/orchestration-control.ts';
import type { App, AppConfiguration, AppPorts } from '../../../src/compose.ts';
import { COOL_DOWN_ENTITY, LANE_ENTITY } from '../../../src/contracts/names.ts';
import type { OrchestrationControl } from '../../../src/ports/orchestration-control.ts';
import { createManagedClient } from './managed-client.ts';

const quiet = () => undefined;

/** Stands around every call of an activity, and decides whether it is run. */
export type AroundActivity = (name: string, input: unknown, run: () => unknown) => unknown;

interface Current {
  readonly app: App;
  readonly control: OrchestrationControl;
  readonly around: AroundActivity;
}

/** What the registered activities use now; the registration itself happens once per process. */
let current: Current | null = null;
let invoker: Promise<FunctionInvoker> | null = null;

export async function openVirtualHost(
  ports: AppPorts & { readonly clock: ManualClock },
  configuration: AppConfiguration,
  around: AroundActivity,
  store: TaskHubStore = new MemoryStore(),
): Promise<Pick<Current, 'app' | 'control'> & { host: LocalDurableHost; store: TaskHubStore }> {
  const { clock } = ports;
  invoker ??= loadDurableFunctions(() => compose(ports, configuration));
  const section = { hubName: 'Virtual' };
  const host = await createDurableHost({ invoker: await invoker, section, settings: {}, clock, log: quiet, store });
  const control = createOrchestrationControl(createManagedClient(host));
  const app = await compose(ports, configuration);
  current = { app, control, around };
  await host.start();
  return { app, host, control, store };
}

/** Loaded late: the app needs durable-functions. */
async function compose(ports: AppPorts, configuration: AppConfiguration): Promise<App> {
  const { composeApp } = await import('../../../src/compose.ts');
  return composeApp(ports, configuration);
}

/** The core module must be in place before durable-functions is loaded for the first time. */
async function loadDurableFunctions(composeFirst: () => Promise<App>): Promise<FunctionInvoker> {
  const registry = new FunctionRegistry();
  const hooks = new HookRegistry();
  const log = createAppLog(hooks, quiet);
  const core = createCoreModule({ registry, hooks, log });
  provideCoreModule(core);
  const df = await import('durable-functions');
  const { orchestrators, entities, activities } = await composeFirst();
  for (const [name, orchestrator] of Object.entries(orchestrators)) df.app.orchestration(name, orchestrator);
  df.app.entity(LANE_ENTITY, entities[LANE_ENTITY]);
  df.app.entity(COOL_DOWN_ENTITY, entities[COOL_DOWN_ENTITY]);
  const register = (name: string, run: (input: unknown) => unknown) =>
    df.app.activity(name, { handler: (input) => inUse().around(name, input, () => run(input)) });
  for (const name of Object.keys(activities)) {
    register(name, (input) => (inUse().app.activities as Record<string, (input: unknown) => unknown>)[name]?.(input));
  }
  register('wakeRollout', (input) => inUse().app.wakeRollout(inUse().control)(input as { rolloutId: string }));
  const model = core.getProgrammingModel();
  if (!model) throw new Error('durable-functions did not find the core module.');
  registry.lock();
  const app = { registry, hooks, model, log, httpProxyUrl: undefined, terminate: async () => undefined };
  const definitions = registry.all().map(({ metadata }) => metadata as never);
  return createInvoker({
    app,
    definitions,
    inputProviders: new Map(),
    timeoutMs: undefined,
    writeOutputs: async () => undefined,
    clock: new ManualClock(),
    log: quiet,
  });
}

function inUse(): Current {
  if (current === null) throw new Error('No virtual host is open.');
  return current;
}
