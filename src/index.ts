/** Composition root: reads the settings, builds the adapters and registers every function. The only file with registration effects. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { app } from '@azure/functions';
import * as df from 'durable-functions';
import { type Activities, createActivities } from './activities/create-activities.ts';
import { createWakeRollout } from './activities/wake-rollout.ts';
import { createAzureMlClient } from './adapters/azure-ml/azure-ml-client.ts';
import { createModelPlatform } from './adapters/azure-ml/create-model-platform.ts';
import { createScoring } from './adapters/azure-ml/create-scoring.ts';
import { createTelemetry } from './adapters/azure-monitor/create-telemetry.ts';
import { createOrchestrationControl } from './adapters/durable/orchestration-control.ts';
import { createEventPublisher } from './adapters/event-grid/create-event-publisher.ts';
import { createCredential } from './adapters/identity.ts';
import { createAuditLog } from './adapters/storage/create-audit-log.ts';
import { createEvidenceStore } from './adapters/storage/create-evidence-store.ts';
import { systemClock } from './adapters/system-clock.ts';
import { createTokens } from './adapters/tokens/create-tokens.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import type { ActivityName } from './contracts/activities.ts';
import { LANE_ENTITY, RECOVERY_ORCHESTRATOR, ROLLOUT_ORCHESTRATOR } from './contracts/names.ts';
import { lane } from './entities/lane.ts';
import { createAnswerApproval } from './functions/http/approvals.ts';
import { createSteerRollout } from './functions/http/commands.ts';
import {
  type ApiHandler,
  createGetRollout,
  createListRollouts,
  createRetryRollout,
  createStartRollout,
} from './functions/http/rollouts.ts';
import { createOnModelRegistered } from './functions/on-model-registered.ts';
import { createPollModels } from './functions/poll-models.ts';
import { createWatchLanes } from './functions/watch-lanes.ts';
import { recoverLane } from './orchestrators/recover-lane.ts';
import { rollout } from './orchestrators/rollout.ts';

const { settings, policies } = loadConfiguration(process.env, resolve(import.meta.dirname, '..'));
const credential = createCredential();
const azureMl = createAzureMlClient(settings, credential);
const ports = {
  platform: createModelPlatform(azureMl, settings),
  scoring: createScoring(azureMl, settings, settings.allowedHosts, systemClock),
  telemetry: createTelemetry(settings, credential),
  publisher: createEventPublisher(settings, credential),
  audit: createAuditLog(settings.tablesEndpoint, credential),
  evidence: createEvidenceStore(settings.blobsEndpoint, credential),
  tokens: createTokens(settings.tokenSecret.reveal()),
  clock: systemClock,
  newId: randomUUID,
};

registerDurable(createActivities(ports, settings));
registerEvents();
registerApi();

function registerDurable(activities: Activities): void {
  df.app.orchestration(ROLLOUT_ORCHESTRATOR, rollout);
  df.app.orchestration(RECOVERY_ORCHESTRATOR, recoverLane);
  df.app.entity(LANE_ENTITY, lane);
  for (const [name, handler] of Object.entries(activities)) df.app.activity(name, { handler });
  const wakeRollout: ActivityName = 'wakeRollout';
  df.app.activity(wakeRollout, {
    extraInputs: [df.input.durableClient()],
    handler: (input, context) => createWakeRollout(createOrchestrationControl(df.getClient(context)))(input),
  });
}

function registerEvents(): void {
  const workspaceId = `/subscriptions/${settings.subscriptionId}/resourceGroups/${settings.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${settings.workspace}`;
  const { maxEventAgeMs } = settings;
  const onModelRegistered = createOnModelRegistered(ports, { workspaceId, maxEventAgeMs, policies });
  df.app.client.eventGrid('onModelRegistered', {
    async handler(event, client, context) {
      const { outcome, reason } = await onModelRegistered(event, createOrchestrationControl(client));
      context.log(`${outcome}: ${reason}`);
    },
  });
  const pollModels = createPollModels(ports, { policies, maxEventAgeMs });
  df.app.client.timer('pollModels', {
    schedule: settings.pollSchedule,
    async handler(_timer, client, context) {
      const started = await pollModels(createOrchestrationControl(client));
      if (started.length > 0) context.log(`Started for versions whose event was lost: ${started.join(', ')}`);
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

function registerApi(): void {
  route('startRollout', 'POST', 'rollouts', createStartRollout(ports, policies));
  route('listRollouts', 'GET', 'rollouts', createListRollouts(ports));
  route('getRollout', 'GET', 'rollouts/{id}', createGetRollout(ports));
  route('retryRollout', 'POST', 'rollouts/{id}/retry', createRetryRollout(ports, policies));
  route('steerRollout', 'POST', 'rollouts/{id}/commands/{command}', createSteerRollout(ports));
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
