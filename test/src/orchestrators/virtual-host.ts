/** Loads the app's Durable functions once in this process and opens local Durable hosts over them, with in-memory task hubs. */
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { createDurableHost, type LocalDurableHost } from '../../../local/functions-host/durable/create-durable-host.ts';
import { MemoryStore } from '../../../local/functions-host/durable/store/memory-store.ts';
import type { TaskHubStore } from '../../../local/functions-host/durable/store/task-hub-store.ts';
import type { FunctionInvoker } from '../../../local/functions-host/invocation.ts';
import { createAppLog } from '../../../local/functions-host/worker/app-log.ts';
import { createCoreModule, provideCoreModule } from '../../../local/functions-host/worker/core-module.ts';
import { FunctionRegistry } from '../../../local/functions-host/worker/function-registry.ts';
import { HookRegistry } from '../../../local/functions-host/worker/hooks.ts';
import { createInvoker } from '../../../local/functions-host/worker/invoker.ts';
import type { Activities } from '../../../src/activities/create-activities.ts';
import { createWakeRollout } from '../../../src/activities/rollout/wake-rollout.ts';
import { createOrchestrationControl } from '../../../src/adapters/durable/orchestration-control.ts';
import {
  COOL_DOWN_ENTITY,
  LANE_ENTITY,
  RECOVERY_ORCHESTRATOR,
  RETRAINING_ORCHESTRATOR,
  ROLLOUT_ORCHESTRATOR,
  SCALE_OUT_ORCHESTRATOR,
} from '../../../src/contracts/names.ts';
import type { OrchestrationControl } from '../../../src/ports/orchestration-control.ts';
import { createManagedClient } from './managed-client.ts';

const quiet = () => undefined;

interface Current {
  activities: Activities;
  control: OrchestrationControl;
}

/** What the registered activities use now; the registration itself happens once per process. */
let current: Current | null = null;
let invoker: Promise<FunctionInvoker> | null = null;

export async function openVirtualHost(
  activities: Activities,
  clock: ManualClock,
  store: TaskHubStore = new MemoryStore(),
): Promise<{ host: LocalDurableHost; control: OrchestrationControl; store: TaskHubStore }> {
  invoker ??= loadDurableFunctions(Object.keys(activities));
  const section = { hubName: 'Virtual' };
  const host = await createDurableHost({ invoker: await invoker, section, settings: {}, clock, log: quiet, store });
  const control = createOrchestrationControl(createManagedClient(host));
  current = { activities, control };
  await host.start();
  return { host, control, store };
}

/** The core module must be in place before durable-functions is loaded for the first time. */
async function loadDurableFunctions(activityNames: readonly string[]): Promise<FunctionInvoker> {
  const registry = new FunctionRegistry();
  const hooks = new HookRegistry();
  const log = createAppLog(hooks, quiet);
  const core = createCoreModule({ registry, hooks, log });
  provideCoreModule(core);
  const df = await import('durable-functions');
  const { rollout } = await import('../../../src/orchestrators/rollout.ts');
  const { recoverLane } = await import('../../../src/orchestrators/recover-lane.ts');
  const { scaleOut } = await import('../../../src/orchestrators/scale-out.ts');
  const { lane } = await import('../../../src/entities/lane.ts');
  df.app.orchestration(ROLLOUT_ORCHESTRATOR, rollout);
  df.app.orchestration(RECOVERY_ORCHESTRATOR, recoverLane);
  df.app.orchestration(SCALE_OUT_ORCHESTRATOR, scaleOut);
  const { retraining } = await import('../../../src/orchestrators/retraining.ts');
  const { coolDown } = await import('../../../src/entities/cool-down.ts');
  df.app.orchestration(RETRAINING_ORCHESTRATOR, retraining);
  df.app.entity(LANE_ENTITY, lane);
  df.app.entity(COOL_DOWN_ENTITY, coolDown);
  for (const name of activityNames) {
    df.app.activity(name, {
      handler: (input) => (inUse().activities as Record<string, (input: unknown) => unknown>)[name]?.(input),
    });
  }
  df.app.activity('wakeRollout', { handler: (input) => createWakeRollout(inUse().control)(input) });
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
