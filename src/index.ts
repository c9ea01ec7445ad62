/** Composition root: reads the settings, builds the adapters and registers every function. The only file with registration effects. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { app } from '@azure/functions';
import * as df from 'durable-functions';
import { type Activities, createActivities } from './activities/create-activities.ts';
import { createWakeRollout } from './activities/rollout/wake-rollout.ts';
import { createAzureMlClient } from './adapters/azure-ml/azure-ml-client.ts';
import { createDataAssets } from './adapters/azure-ml/create-data-assets.ts';
import { createModelMonitors } from './adapters/azure-ml/create-model-monitors.ts';
import { createModelPlatform } from './adapters/azure-ml/create-model-platform.ts';
import { createModelRegistry } from './adapters/azure-ml/create-model-registry.ts';
import { createScaling } from './adapters/azure-ml/create-scaling.ts';
import { createScoring } from './adapters/azure-ml/create-scoring.ts';
import { createWorkspace } from './adapters/azure-ml/create-workspace.ts';
import { createTrainingJobs } from './adapters/azure-ml/training-jobs.ts';
import { createEndpointMetrics } from './adapters/azure-monitor/create-endpoint-metrics.ts';
import { createTelemetry } from './adapters/azure-monitor/create-telemetry.ts';
import { deliverLater } from './adapters/deliver-later.ts';
import { createOrchestrationControl } from './adapters/durable/orchestration-control.ts';
import { createEventPublisher } from './adapters/event-grid/create-event-publisher.ts';
import { createCredential } from './adapters/identity.ts';
import { createRunMetrics } from './adapters/mlflow/create-run-metrics.ts';
import { publishEverywhere } from './adapters/publish-everywhere.ts';
import { createTopicPublisher } from './adapters/service-bus/create-topic-publisher.ts';
import { createAuditLog } from './adapters/storage/create-audit-log.ts';
import { createEvidenceStore } from './adapters/storage/create-evidence-store.ts';
import { createOutbox } from './adapters/storage/create-outbox.ts';
import { createDataRows } from './adapters/storage/data-rows.ts';
import { createTrainingData } from './adapters/storage/training-data.ts';
import { systemClock } from './adapters/system-clock.ts';
import { createCallerTokens } from './adapters/tokens/create-caller-tokens.ts';
import { createTokens } from './adapters/tokens/create-tokens.ts';
import { createActOnAlert, type RetrainOnAlert } from './commands/act-on-alert.ts';
import { scheduledTrigger, startRetraining } from './commands/start-retraining.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import { SERVICE_BUS_CONNECTION } from './config/service-bus-setting.ts';
import type { ActivityName } from './contracts/activities.ts';
import {
  COOL_DOWN_ENTITY,
  LANE_ENTITY,
  RECOVERY_ORCHESTRATOR,
  RETRAINING_ORCHESTRATOR,
  ROLLOUT_ORCHESTRATOR,
  SCALE_OUT_ORCHESTRATOR,
} from './contracts/names.ts';
import { ROLLOUT_COMMANDS_QUEUE } from './contracts/rollout-command.ts';
import type { RolloutPolicy } from './domain/policy/policy.ts';
import { coolDown } from './entities/cool-down.ts';
import { lane } from './entities/lane.ts';
import { createOnLatencyAlert } from './functions/events/on-latency-alert.ts';
import { createOnModelRegistered } from './functions/events/on-model-registered.ts';
import { createOnDrift, createOnNewData, createOnRunCompleted } from './functions/events/on-training-events.ts';
import type { EventHandler } from './functions/events/take-event.ts';
import { createAnswerApproval } from './functions/http/approvals.ts';
import { createSteerRollout } from './functions/http/commands.ts';
import { createJudgeAgain } from './functions/http/judge-again.ts';
import { createTakeLatencyAlert } from './functions/http/latency-alerts.ts';
import {
  createAbortRetraining,
  createGetRetraining,
  createListRetrainings,
  createStartRetraining,
} from './functions/http/retrainings.ts';
import {
  type ApiHandler,
  createGetRollout,
  createListRollouts,
  createRetryRollout,
  createStartRollout,
} from './functions/http/rollouts.ts';
import { createOnRolloutCommand } from './functions/queue/on-rollout-command.ts';
import { createCheckWorkspace } from './functions/timers/check-workspace.ts';
import { createFlushOutbox } from './functions/timers/flush-outbox.ts';
import { createPollData } from './functions/timers/poll-data.ts';
import { createPollModels } from './functions/timers/poll-models.ts';
import { createWatchLanes } from './functions/timers/watch-lanes.ts';
import { createWatchRetrainings } from './functions/timers/watch-retrainings.ts';
import { recoverLane } from './orchestrators/recover-lane.ts';
import { retraining } from './orchestrators/retraining.ts';
import { rollout } from './orchestrators/rollout.ts';
import { scaleOut } from './orchestrators/scale-out.ts';
import type { EventPublisher } from './ports/events.ts';
import type { Outbox } from './ports/outbox.ts';

const EVERY_HOUR = '0 17 * * * *';

const { settings, policies } = loadConfiguration(process.env, resolve(import.meta.dirname, '..'));
const credential = createCredential();
const azureMl = createAzureMlClient(settings, credential);
const eventGrid = createEventPublisher(settings, credential);
const bus = createBus();
const workspace = createWorkspace(azureMl, settings);
const blobEndpoints = [settings.blobsEndpoint, settings.datastoreBlobsEndpoint].filter((url) => url !== null);
const ports = {
  platform: createModelPlatform(azureMl, settings),
  monitors: createModelMonitors(azureMl, settings),
  scaling: createScaling(azureMl, settings),
  workspace,
  jobs: createTrainingJobs(azureMl, settings),
  assets: createDataAssets(azureMl, settings),
  trainingData: createTrainingData(blobEndpoints, credential),
  rows: createDataRows(blobEndpoints, credential),
  registry: createModelRegistry(azureMl, settings),
  runs: createRunMetrics(workspace, settings.allowedHosts, credential),
  scoring: createScoring(azureMl, settings, settings.allowedHosts, systemClock),
  telemetry: createTelemetry(settings, credential),
  publisher: bus ? publishEverywhere([eventGrid, deliverLater(bus.publisher, bus.outbox, systemClock)]) : eventGrid,
  audit: createAuditLog(settings.tablesEndpoint, credential),
  evidence: createEvidenceStore(settings.blobsEndpoint, credential),
  tokens: createTokens(settings.tokenSecret.reveal()),
  clock: systemClock,
  newId: randomUUID,
};

const workspaceId = `/subscriptions/${settings.subscriptionId}/resourceGroups/${settings.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${settings.workspace}`;

registerDurable(createActivities(ports, settings));
registerEvents();
registerServiceBus();
registerAlerts();
registerTraining();
registerApi();

function registerDurable(activities: Activities): void {
  df.app.orchestration(ROLLOUT_ORCHESTRATOR, rollout);
  df.app.orchestration(RECOVERY_ORCHESTRATOR, recoverLane);
  df.app.orchestration(SCALE_OUT_ORCHESTRATOR, scaleOut);
  df.app.orchestration(RETRAINING_ORCHESTRATOR, retraining);
  df.app.entity(LANE_ENTITY, lane);
  df.app.entity(COOL_DOWN_ENTITY, coolDown);
  for (const [name, handler] of Object.entries(activities)) df.app.activity(name, { handler });
  const wakeRollout: ActivityName = 'wakeRollout';
  df.app.activity(wakeRollout, {
    extraInputs: [df.input.durableClient()],
    handler: (input, context) => createWakeRollout(createOrchestrationControl(df.getClient(context)))(input),
  });
}

function registerEvents(): void {
  const { maxEventAgeMs } = settings;
  const onModelRegistered = createOnModelRegistered(ports, { workspaceId, maxEventAgeMs, policies });
  onEvent('onModelRegistered', onModelRegistered);
  const pollModels = createPollModels(ports, { policies, maxEventAgeMs });
  df.app.client.timer('pollModels', {
    schedule: settings.pollSchedule,
    async handler(_timer, client, context) {
      const started = await pollModels(createOrchestrationControl(client));
      if (started.length > 0) context.log(`Started for versions whose event was lost: ${started.join(', ')}`);
    },
  });
  const checkWorkspace = createCheckWorkspace(ports, settings.workspace);
  app.timer('checkWorkspace', {
    schedule: EVERY_HOUR,
    runOnStartup: true,
    async handler(_timer, context) {
      const problem = await checkWorkspace();
      if (problem) context.error(problem);
    },
  });
  const watchLanes = createWatchLanes(systemClock, policies);
  df.app.client.timer('watchLanes', {
    schedule: settings.watchdogSchedule,
    async handler(_timer, client, context) {
      const started = await watchLanes(createOrchestrationControl(client), (message) => context.warn(message));
      if (started.length > 0) context.warn(`Cleaning up after lost rollouts: ${started.join(', ')}`);
    },
  });
}

function createBus(): { readonly publisher: EventPublisher; readonly outbox: Outbox } | null {
  const { serviceBus, workspace: name, blobsEndpoint } = settings;
  if (serviceBus === null) return null;
  const publisher = createTopicPublisher({ serviceBus, workspace: name }, credential);
  return { publisher, outbox: createOutbox(blobsEndpoint, credential) };
}

/** Only where a namespace is configured: the host refuses a trigger without its connection. */
function registerServiceBus(): void {
  if (bus === null) return;
  const flushOutbox = createFlushOutbox(bus.outbox, bus.publisher);
  app.timer('flushOutbox', {
    schedule: settings.watchdogSchedule,
    async handler(_timer, context) {
      const sent = await flushOutbox();
      if (sent > 0) context.log(`Sent ${sent} events that the Service Bus topic had not taken.`);
    },
  });
  const onRolloutCommand = createOnRolloutCommand({ ...ports, pause: setTimeout }, policies);
  df.app.client.serviceBusQueue('onRolloutCommand', {
    queueName: ROLLOUT_COMMANDS_QUEUE,
    connection: SERVICE_BUS_CONNECTION,
    isSessionsEnabled: true,
    async handler(message, client, context) {
      const { messageId, sessionId } = context.triggerMetadata ?? {};
      const address = { messageId: String(messageId), sessionId: String(sessionId) };
      const { outcome, reason } = await onRolloutCommand(message, address, createOrchestrationControl(client));
      context.log(`${outcome}: ${reason}`);
    },
  });
}

const retrainOnAlert: RetrainOnAlert = async (policy, trigger, control) => {
  const wish = { policy, trigger: { kind: 'latency-alert', ...trigger }, nowMs: systemClock.nowMs() } as const;
  const start = await startRetraining(control, wish);
  if (!start) throw new Error(`The policy ${policy.name} has no retraining.`);
  return start;
};

/** Drift, new data, jobs that ended, and the policies' schedules. */
function registerTraining(): void {
  const { maxEventAgeMs, dataAccountId } = settings;
  const rules = { source: workspaceId, maxEventAgeMs, policies };
  onEvent('onDrift', createOnDrift(ports, rules));
  onEvent('onRunCompleted', createOnRunCompleted(ports, rules));
  const pollData = createPollData(ports, { policies, maxEventAgeMs });
  df.app.client.timer('pollData', {
    schedule: settings.pollSchedule,
    async handler(_timer, client, context) {
      const started = await pollData(createOrchestrationControl(client));
      if (started.length > 0) context.log(`Started for new versions of data: ${started.join(', ')}`);
    },
  });
  const watchRetrainings = createWatchRetrainings(ports, policies);
  df.app.client.timer('watchRetrainings', {
    schedule: settings.watchdogSchedule,
    async handler(_timer, client, context) {
      const started = await watchRetrainings(createOrchestrationControl(client), (message) => context.warn(message));
      if (started.length > 0) context.warn(`Ending retrainings whose orchestration is gone: ${started.join(', ')}`);
    },
  });
  if (dataAccountId !== null) onEvent('onNewData', createOnNewData(ports, { ...rules, source: dataAccountId }));
  for (const policy of policies.retrained()) {
    const { schedule } = policy.retrain.triggers;
    if (schedule) df.app.client.timer(`retrain-${policy.name}`, { schedule, handler: retrainOnSchedule(policy) });
  }
}

function retrainOnSchedule(policy: RolloutPolicy): df.DurableClientHandler {
  return async (_timer, client, context) => {
    const nowMs = systemClock.nowMs();
    const control = createOrchestrationControl(client);
    const start = await startRetraining(control, { policy, trigger: scheduledTrigger(nowMs), nowMs });
    context.log(`The schedule of ${policy.name}: ${start?.started ? 'started' : 'known'} ${start?.retrainingId}`);
  };
}

function onEvent(name: string, handle: EventHandler): void {
  df.app.client.eventGrid(name, {
    async handler(event, client, context) {
      const { outcome, reason } = await handle(event, createOrchestrationControl(client));
      context.log(`${outcome}: ${reason}`);
    },
  });
}

/** The webhook only where its callers can be checked; what it publishes comes back as an event of the app's own topic. */
function registerAlerts(): void {
  const actWithoutRollout = createActOnAlert({ ...ports, retrain: retrainOnAlert }, policies);
  const onLatencyAlert = createOnLatencyAlert({ ...ports, actWithoutRollout }, settings.workspace);
  onEvent('onLatencyAlert', onLatencyAlert);
  if (settings.alerts === null) return;
  const callers = createCallerTokens(settings.alerts);
  const metrics = createEndpointMetrics(settings, credential);
  const takeAlert = createTakeLatencyAlert({ ...ports, callers, metrics }, { workspaceId, policies });
  app.http('takeLatencyAlert', {
    methods: ['POST'],
    route: 'alerts/latency',
    authLevel: 'anonymous',
    handler: (request, context) => takeAlert(request, (text) => context.warn(text)),
  });
}

function registerApi(): void {
  route('startRollout', 'POST', 'rollouts', createStartRollout(ports, policies));
  route('listRollouts', 'GET', 'rollouts', createListRollouts(ports));
  route('getRollout', 'GET', 'rollouts/{id}', createGetRollout(ports));
  route('retryRollout', 'POST', 'rollouts/{id}/retry', createRetryRollout(ports, policies));
  route('steerRollout', 'POST', 'rollouts/{id}/commands/{command}', createSteerRollout(ports));
  route('startRetraining', 'POST', 'retrainings', createStartRetraining(ports, policies));
  route('listRetrainings', 'GET', 'retrainings', createListRetrainings(ports));
  route('getRetraining', 'GET', 'retrainings/{id}', createGetRetraining(ports));
  route('judgeAgain', 'POST', 'retrainings/{id}/commands/judge', createJudgeAgain(ports, policies));
  route('abortRetraining', 'POST', 'retrainings/{id}/commands/abort', createAbortRetraining(ports, policies));
  route('showApproval', 'GET', 'approvals/{approvalId}', createAnswerApproval(ports));
  route('answerApproval', 'POST', 'approvals/{approvalId}', createAnswerApproval(ports));
}

/** Every route checks its own signed token, so the platform's function keys are not asked for. */
function route(name: string, method: 'GET' | 'POST', path: string, handler: ApiHandler): void {
  app.http(name, {
    methods: [method],
    route: path,
    authLevel: 'anonymous',
    extraInputs: [df.input.durableClient()],
    handler: (request, context) => handler(request, createOrchestrationControl(df.getClient(context))),
  });
}
