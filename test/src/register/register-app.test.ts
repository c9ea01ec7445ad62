/** The composed app registers nothing by itself; what is registered has exactly these names and triggers, and nothing else. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createAppLog } from '../../../local/functions-host/worker/app-log.ts';
import { createCoreModule, provideCoreModule } from '../../../local/functions-host/worker/core-module.ts';
import { FunctionRegistry } from '../../../local/functions-host/worker/function-registry.ts';
import { HookRegistry } from '../../../local/functions-host/worker/hooks.ts';
import type { App, AppPorts } from '../../../src/compose.ts';
import { createPolicies, type Policies } from '../../../src/domain/policy/policies.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { aRetrainingPolicy } from '../domain/a-retraining-policy.ts';
import { inMemoryPorts, SETTINGS } from '../fakes/in-memory-ports.ts';
import { RecordingPublisher } from '../fakes/recording-publisher.ts';

const SCHEDULES = { pollSchedule: '0 */5 * * * *', watchdogSchedule: '0 * * * * *' };
const DAILY = '0 0 6 * * *';
const clock = { nowMs: () => Date.UTC(2026, 2, 1) };

/** What the library registered since the last look. */
let registry = new FunctionRegistry();

/** The library asks for the core module once, when it is loaded: all of this file's registrations come here. */
beforeAll(async () => {
  const hooks = new HookRegistry();
  const log = createAppLog(hooks, () => undefined);
  const forwarding = { register: (...args: Parameters<FunctionRegistry['register']>) => registry.register(...args) };
  provideCoreModule(createCoreModule({ registry: forwarding as FunctionRegistry, hooks, log }));
  await import('durable-functions');
});

async function compose(ports: Partial<AppPorts> = {}, dataAccountId: string | null = null, policies?: Policies) {
  registry = new FunctionRegistry();
  const { composeApp } = await import('../../../src/compose.ts');
  const settings = { ...SETTINGS, dataAccountId };
  return composeApp({ ...inMemoryPorts(clock), ...ports }, { settings, policies: policies ?? createPolicies([]) });
}

async function register(app: App): Promise<readonly string[]> {
  const { registerBus } = await import('../../../src/register/bus.ts');
  const { registerDurable } = await import('../../../src/register/durable.ts');
  const { registerEvents } = await import('../../../src/register/events.ts');
  const { registerHttp } = await import('../../../src/register/http.ts');
  const { registerTimers } = await import('../../../src/register/timers.ts');
  registerDurable(app);
  registerEvents(app);
  registerTimers(app, SCHEDULES);
  registerBus(app);
  registerHttp(app);
  return registry.all().map(({ metadata }) => describeFunction(metadata));
}

/** Name, trigger and what the trigger listens to; `+client` where the function reaches orchestrations. */
function describeFunction({ name, bindings }: { name: string; bindings: Record<string, unknown> }): string {
  const all = Object.values(bindings) as Record<string, unknown>[];
  const trigger = all.find(({ type }) => String(type).endsWith('Trigger')) ?? {};
  const { type, methods, route, schedule, queueName, runOnStartup } = trigger;
  const client = all.some((binding) => binding.type === 'durableClient') ? '+client' : '';
  const startup = runOnStartup ? 'at start' : '';
  const detail = [methods, route, schedule, startup, queueName, client].filter(Boolean).join(' ');
  return `${name}: ${String(type).replace('Trigger', '')} ${detail}`.trim();
}

const ALWAYS = [
  'abortRetraining: http POST retrainings/{id}/commands/abort +client',
  'announce: activity',
  'answerApproval: http POST approvals/{approvalId} +client',
  'assessVersion: activity',
  'cancelJob: activity',
  'checkWorkspace: timer 0 17 * * * * at start',
  'confirmDrift: activity',
  'coolDown: entity',
  'createGreen: activity',
  'deleteDeployment: activity',
  'getRetraining: http GET retrainings/{id} +client',
  'getRollout: http GET rollouts/{id} +client',
  'inspectData: activity',
  'judgeAgain: http POST retrainings/{id}/commands/judge +client',
  'judgeChallenger: activity',
  'judgeTraffic: activity',
  'lane: entity',
  'listRetrainings: http GET retrainings +client',
  'listRollouts: http GET rollouts +client',
  'moveMonitor: activity',
  'onDrift: eventGrid +client',
  'onLatencyAlert: eventGrid +client',
  'onModelRegistered: eventGrid +client',
  'onRunCompleted: eventGrid +client',
  'pollData: timer 0 */5 * * * * +client',
  'pollModels: timer 0 */5 * * * * +client',
  'readCapacity: activity',
  'readChampion: activity',
  'readDeployment: activity',
  'readJob: activity',
  'readTraffic: activity',
  'recordAudit: activity',
  'recordRetraining: activity',
  'recoverLane: orchestration',
  'registerVersion: activity',
  'requestApproval: activity',
  'retraining: orchestration',
  'retryRollout: http POST rollouts/{id}/retry +client',
  'rollout: orchestration',
  'scaleOut: orchestration',
  'setCapacity: activity',
  'shiftTraffic: activity',
  'showApproval: http GET approvals/{approvalId} +client',
  'smokeTest: activity',
  'startRetraining: http POST retrainings +client',
  'startRollout: http POST rollouts +client',
  'steerRollout: http POST rollouts/{id}/commands/{command} +client',
  'submitJob: activity',
  'tagVersion: activity',
  'takeSnapshot: activity',
  'verifyApproval: activity',
  'wakeRollout: activity +client',
  'watchLanes: timer 0 * * * * * +client',
  'watchRetrainings: timer 0 * * * * * +client',
];

const nameOf = (line: string) => String(line.split(':')[0]);

const ON_REQUEST = [
  'flushOutbox: timer 0 * * * * *',
  'onNewData: eventGrid +client',
  'onRolloutCommand: serviceBus rollout-commands +client',
  `retrain-flights: timer ${DAILY} +client`,
  'takeLatencyAlert: http POST alerts/latency',
];

const outbox = { put: async () => undefined, oldest: async () => [], remove: async () => undefined };
const bus = { publisher: new RecordingPublisher(), outbox };
const callers = { check: async () => ({ ok: true, application: 'action-groups' }) as const };
const alerts = { callers, metrics: { readLatency: async () => [] } };
const triggers = { ...aRetrainingPolicy().triggers, schedule: DAILY };
const scheduled = createPolicies([aPolicy({ retrain: aRetrainingPolicy({ triggers }) })]);

describe('the composed app', () => {
  it('registers nothing, and has a handler for every name', async () => {
    const app = await compose({ bus, alerts }, '/subscriptions/s/st', scheduled);
    expect(registry.all()).toEqual([]);
    const { orchestrators, entities, activities, wakeRollout, events, timers, http, queue } = app;
    const { takeLatencyAlert, api } = http;
    const retrainings = Object.fromEntries(timers.retrainings.map(({ name, handler }) => [name, handler]));
    const timed = { ...timers.timers, ...timers.chores, ...retrainings };
    const others = { wakeRollout, takeLatencyAlert, ...queue };
    const handlers = { ...orchestrators, ...entities, ...activities, ...events, ...timed, ...api, ...others };
    expect(Object.keys(handlers).sort()).toEqual([...ALWAYS, ...ON_REQUEST].map(nameOf).sort());
    expect(Object.values(handlers).every((handler) => typeof handler === 'function')).toBe(true);
  });

  it('is registered under exactly these names and triggers', async () => {
    expect(await register(await compose())).toEqual(ALWAYS);
  });

  it('registers what the configuration asks for besides', async () => {
    const app = await compose({ bus, alerts }, '/subscriptions/s/st', scheduled);
    const registered = await register(app);
    expect(registered.filter((name) => !ALWAYS.includes(name))).toEqual(ON_REQUEST);
    expect(registered.length).toBe(ALWAYS.length + ON_REQUEST.length);
  });

  it('has null where the configuration does not ask for a function', async () => {
    const app = await compose();
    expect([app.events.onNewData, app.timers.chores.flushOutbox, app.http.takeLatencyAlert]).toEqual([
      null,
      null,
      null,
    ]);
    expect([app.queue.onRolloutCommand, app.timers.retrainings]).toEqual([null, []]);
  });
});
