/** Starts the services that run inside the stack's own process, each once those it needs are up. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { workspaceArmId } from '../azure-ml/arm/protocol/workspace.ts';
import type { ServingPlane } from '../azure-ml/seams/serving-plane.ts';
import { createServingPlane } from '../azure-ml/serving/create-serving-plane.ts';
import { type RunningAzureMl, startAzureMl } from '../azure-ml/start-azure-ml.ts';
import { systemClock } from '../emulator/clock.ts';
import { createBlobDeadLetterWriter } from '../event-grid/blob-dead-letter-writer.ts';
import { type RunningEventGrid, startEventGrid } from '../event-grid/start-event-grid.ts';
import { type RunningMonitor, startMonitor } from '../monitor/start-monitor.ts';
import { type RunningServiceBus, startServiceBus } from '../service-bus/start-service-bus.ts';
import { type RunningStorageEvents, startStorageEvents } from '../storage-events/start-storage-events.ts';
import {
  DEAD_LETTER_CONTAINER,
  LANDING_CONTAINER,
  LOG_ANALYTICS_WORKSPACE_ID,
  storageAccountId,
  TOPIC,
  WORKSPACE,
} from './local-azure.ts';
import { pythonOf } from './python-of.ts';
import { SERVICE_BUS_ENTITIES } from './service-bus-entities.ts';
import type { StackGround } from './stack-ground.ts';

export interface StackServices {
  readonly monitor: RunningMonitor;
  readonly eventGrid: RunningEventGrid;
  readonly serviceBus: RunningServiceBus;
  readonly serving: ServingPlane;
  readonly scoringPort: number;
  readonly azureMl: RunningAzureMl;
}

/** Log rows arrive between half a bucket and two and a half buckets late, as minutes do in production. */
const INGESTION_DELAY_BUCKETS = { min: 0.5, max: 2.5 };
const PRODUCTION_BUCKET_SECONDS = 60;

export async function startServices(ground: StackGround, scoringPort: number): Promise<StackServices> {
  const { plan, stops } = ground;
  const monitor = stops.add('monitor', await startStackMonitor(ground));
  plan.log(`Azure Monitor (logs and metrics) on ${monitor.url}`);
  const eventGrid = stops.add('event-grid', await startStackEventGrid(ground));
  plan.log(`Event Grid on ${eventGrid.url}`);
  stops.add('storage-events', await startStackStorageEvents(ground, eventGrid));
  const serviceBus = stops.add('service-bus', await startStackServiceBus(ground));
  plan.log(`Service Bus on ${serviceBus.url} (control)`);
  const serving = stops.add('serving', await startServing(ground, monitor, scoringPort));
  plan.log(`Scoring of online endpoints on https://localhost:${scoringPort}`);
  const azureMl = stops.add('azure-ml', await startStackAzureMl(ground, serving, eventGrid));
  plan.log(`Azure ML on ${azureMl.url}`);
  return { monitor, eventGrid, serviceBus, serving, scoringPort, azureMl };
}

function startStackMonitor({ plan, tls, identity }: StackGround): Promise<RunningMonitor> {
  const bucketMs = plan.bucketSeconds * 1000;
  return startMonitor({
    port: plan.ports.monitor ?? 0,
    clock: systemClock,
    tls,
    verifyBearer: identity.verifyBearer,
    logAnalyticsWorkspaceId: LOG_ANALYTICS_WORKSPACE_ID,
    ingestionDelayMs: { min: INGESTION_DELAY_BUCKETS.min * bucketMs, max: INGESTION_DELAY_BUCKETS.max * bucketMs },
    metricGrainSeconds: plan.bucketSeconds,
    metricDelayMs: bucketMs,
    issueToken: identity.issueToken,
    retryScale: Math.min(1, plan.bucketSeconds / PRODUCTION_BUCKET_SECONDS),
    log: plan.log,
  });
}

async function startStackEventGrid({ plan, tls, identity, azurite }: StackGround): Promise<RunningEventGrid> {
  const storage = BlobServiceClient.fromConnectionString(azurite.connectionString);
  await storage.getContainerClient(DEAD_LETTER_CONTAINER).createIfNotExists();
  return startEventGrid({
    port: plan.ports.eventGrid ?? 0,
    clock: systemClock,
    tls,
    verifyBearer: identity.verifyBearer,
    topics: [TOPIC],
    systemSources: [workspaceArmId(WORKSPACE), storageAccountId(azurite.accountName)],
    writeDeadLetter: createBlobDeadLetterWriter((name) => (name === azurite.accountName ? storage : undefined)),
    retryScale: Math.min(1, plan.bucketSeconds / PRODUCTION_BUCKET_SECONDS),
    log: plan.log,
  });
}

async function startStackStorageEvents(
  { plan, azurite }: StackGround,
  eventGrid: RunningEventGrid,
): Promise<RunningStorageEvents> {
  const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
  await blobs.getContainerClient(LANDING_CONTAINER).createIfNotExists();
  return startStorageEvents({
    blobs,
    source: storageAccountId(azurite.accountName),
    containers: [LANDING_CONTAINER],
    events: eventGrid.events,
    clock: systemClock,
    log: plan.log,
  });
}

function startStackServiceBus({ plan, tls, identity }: StackGround): Promise<RunningServiceBus> {
  return startServiceBus({
    port: plan.ports.serviceBus ?? 0,
    amqpPort: plan.ports.serviceBusAmqp ?? 0,
    amqpsPort: 0,
    tls,
    verifyBearer: identity.verifyBearer,
    clock: systemClock,
    config: SERVICE_BUS_ENTITIES,
    log: plan.log,
  });
}

async function startServing(
  { plan, tls, identity, azurite }: StackGround,
  monitor: RunningMonitor,
  port: number,
): Promise<ServingPlane> {
  const workFolder = join(plan.stateFolder, 'serving');
  await mkdir(workFolder, { recursive: true });
  return createServingPlane({
    port,
    clock: systemClock,
    tls,
    pythonPath: pythonOf('serving'),
    workFolder,
    traffic: monitor.sink,
    verifyBearer: identity.verifyBearer,
    log: plan.log,
    blobs: BlobServiceClient.fromConnectionString(azurite.connectionString),
  });
}

function startStackAzureMl(
  { plan, tls, identity, azurite }: StackGround,
  serving: ServingPlane,
  eventGrid: RunningEventGrid,
): Promise<RunningAzureMl> {
  return startAzureMl({
    port: plan.ports.azureMl ?? 0,
    clock: systemClock,
    tls,
    verifyBearer: identity.verifyBearer,
    serving,
    events: eventGrid.events,
    workspace: WORKSPACE,
    storageFolder: join(plan.stateFolder, 'azure-ml'),
    blobEndpoints: [azurite.blobUrl],
    blobs: BlobServiceClient.fromConnectionString(azurite.connectionString),
    jobs: { pythonPath: pythonOf('training'), mlflowPythonPath: pythonOf('mlflow'), log: plan.log },
  });
}
