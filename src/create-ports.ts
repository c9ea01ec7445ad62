/** The app's ports on Azure, as the settings say; building them calls nothing. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
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
import type { AppPorts } from './compose.ts';
import type { Settings } from './config/settings.ts';

type Credential = ReturnType<typeof createCredential>;

export function createPorts(settings: Settings): AppPorts {
  const credential = createCredential();
  const azureMl = createAzureMlClient(settings, credential);
  const eventGrid = createEventPublisher(settings, credential);
  const bus = createBus(settings, credential);
  const workspace = createWorkspace(azureMl, settings);
  const blobEndpoints = [settings.blobsEndpoint, settings.datastoreBlobsEndpoint].filter((url) => url !== null);
  return {
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
    pause: setTimeout,
    bus,
    alerts: createAlerts(settings, credential),
  };
}

function createBus(settings: Settings, credential: Credential): AppPorts['bus'] {
  const { serviceBus, workspace, blobsEndpoint } = settings;
  if (serviceBus === null) return null;
  const publisher = createTopicPublisher({ serviceBus, workspace }, credential);
  return { publisher, outbox: createOutbox(blobsEndpoint, credential) };
}

function createAlerts(settings: Settings, credential: Credential): AppPorts['alerts'] {
  if (settings.alerts === null) return null;
  const callers = createCallerTokens(settings.alerts);
  return { callers, metrics: createEndpointMetrics(settings, credential) };
}
