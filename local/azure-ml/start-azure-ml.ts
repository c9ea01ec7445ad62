/** Composes the Azure ML emulator: the ARM surface over TLS, its state in memory, its files in one folder. */
import { join } from 'node:path';
import type { BlobServiceClient } from '@azure/storage-blob';
import type { SystemEventSink } from '../contracts/system-event.ts';
import type { BearerVerifier } from '../emulator/bearer.ts';
import type { DevCertificates } from '../emulator/certificates.ts';
import type { Clock } from '../emulator/clock.ts';
import { type RunningEmulator, startEmulator } from '../emulator/server.ts';
import { ASSET_KINDS, type AssetKind } from './arm/assets/asset-kind.ts';
import { assetRoutes } from './arm/assets/asset-routes.ts';
import { AssetStore } from './arm/assets/asset-store.ts';
import { modelRegistered } from './arm/assets/model-registered.ts';
import { installControlRoutes } from './arm/control-routes.ts';
import { deploymentRoutes } from './arm/deployments/deployment-routes.ts';
import type { EndpointContext } from './arm/endpoints/endpoint-context.ts';
import { endpointRoutes } from './arm/endpoints/endpoint-routes.ts';
import type { ArmRoute } from './arm/protocol/arm-call.ts';
import { installArmRoutes } from './arm/protocol/arm-server.ts';
import { createOperationReplies } from './arm/protocol/operation-replies.ts';
import { Operations } from './arm/protocol/operations.ts';
import { type WorkspaceOptions, workspaceArmId } from './arm/protocol/workspace.ts';
import { EndpointStore } from './arm/records/endpoint-record.ts';
import { ArtifactStore } from './arm/storage/artifact-store.ts';
import { datastoreRoutes } from './arm/storage/datastore-routes.ts';
import { refuseInLegacyMode, type WorkspaceMode, workspaceRoutes } from './arm/workspace-routes.ts';
import { createJobs, type JobOptions, type Jobs } from './jobs/create-jobs.ts';
import { JobStore } from './jobs/state/job.ts';
import { createMonitoring, type Monitoring } from './monitor/create-monitoring.ts';
import type { ServingPlane } from './seams/serving-plane.ts';

export interface AzureMlOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly tls: DevCertificates;
  readonly verifyBearer: BearerVerifier;
  /** Started and stopped by the caller. */
  readonly serving: ServingPlane;
  readonly events: SystemEventSink;
  readonly workspace: WorkspaceOptions;
  /** Root of blobs (`blobs/<container>/<path>`) and of the copies that deployments run from (`deployed/`). */
  readonly storageFolder: string;
  /** Blob endpoints whose containers lie in the storage folder; by default the workspace's storage account. */
  readonly blobEndpoints?: readonly string[];
  /** Blob storage (Azurite) behind the datastores: what is stored lies there too, what others put there is read. */
  readonly blobs?: BlobServiceClient;
  /** What jobs run with; without it each job fails. */
  readonly jobs?: JobOptions;
  /** How long GETs of an endpoint answer the old traffic after a traffic write; 1500 unless given. */
  readonly staleReadMs?: number;
  /** Shortest duration of every long-running operation; 300 unless given. */
  readonly operationDelayMs?: number;
  /** `Retry-After` of operations, whole seconds; 0 leaves the header out; 1 unless given. */
  readonly retryAfterSeconds?: number;
}

export interface RunningAzureMl extends RunningEmulator {
  /** ARM id of the workspace. */
  readonly workspaceArmId: string;
  /** Copies files in and resolves artefact addresses. */
  readonly artifacts: ArtifactStore;
  readonly operations: Operations;
  readonly jobs: Jobs;
  readonly monitoring: Monitoring;
  /** Changes what the workspace says of itself, as an operator can in Azure. */
  readonly mode: WorkspaceMode;
}

const STORAGE_ACCOUNT = 'slipwaylocal';
const DEFAULT_BLOB_ENDPOINTS = [`https://${STORAGE_ACCOUNT}.blob.core.windows.net`];

/** State lives in memory: stopping and starting again gives an empty workspace. */
export async function startAzureMl(options: AzureMlOptions): Promise<RunningAzureMl> {
  const { clock, workspace, events } = options;
  const operations = new Operations({ clock, operationDelayMs: options.operationDelayMs ?? 300 });
  const jobStore = new JobStore();
  const artifacts = new ArtifactStore({
    storageFolder: join(options.storageFolder, 'blobs'),
    workspace,
    blobEndpoints: options.blobEndpoints ?? DEFAULT_BLOB_ENDPOINTS,
    blobs: options.blobs,
    jobOutputUri: (jobName, outputName) => jobStore.outputUri(jobName, outputName),
  });
  const mode: WorkspaceMode = { v1LegacyMode: false };
  let baseUrl = '';
  const { routes, jobs, monitoring } = armRoutes(options, {
    operations,
    artifacts,
    jobStore,
    mode,
    baseUrl: () => baseUrl,
  });
  const source = workspaceArmId(workspace);
  const emulator = await startEmulator({
    name: 'azure-ml',
    port: options.port,
    clock,
    tls: options.tls,
    register: (app) => {
      installArmRoutes(app, { workspace, verifyBearer: options.verifyBearer }, routes);
      installControlRoutes(app, { operations, events, source, mode });
      jobs.install(app);
      monitoring.install(app);
    },
  });
  baseUrl = emulator.url;
  const stop = async () => {
    await operations.stop();
    await monitoring.stop();
    await jobs.stop();
    await emulator.stop();
  };
  return { ...emulator, stop, workspaceArmId: source, artifacts, operations, jobs, monitoring, mode };
}

interface Composed {
  readonly routes: readonly ArmRoute[];
  readonly jobs: Jobs;
  readonly monitoring: Monitoring;
}

interface State {
  readonly operations: Operations;
  readonly artifacts: ArtifactStore;
  readonly jobStore: JobStore;
  readonly mode: WorkspaceMode;
  readonly baseUrl: () => string;
}

function armRoutes(options: AzureMlOptions, state: State): Composed {
  const { operations, artifacts, mode } = state;
  const { clock, workspace, serving, events } = options;
  const assets: Record<AssetKind, AssetStore> = {
    models: new AssetStore(),
    environments: new AssetStore(),
    codes: new AssetStore(),
    data: new AssetStore(),
    components: new AssetStore(),
  };
  const retryAfterSeconds = options.retryAfterSeconds ?? 1;
  const replies = createOperationReplies({ operations, workspace, retryAfterSeconds });
  const context: EndpointContext = {
    clock,
    workspace,
    serving,
    endpoints: new EndpointStore(),
    assets,
    artifacts,
    deployFolder: join(options.storageFolder, 'deployed'),
    operations,
    replies,
    staleReadMs: options.staleReadMs ?? 1500,
  };
  const jobs = createJobs(options.jobs, {
    clock,
    workspace,
    jobs: state.jobStore,
    assets,
    artifacts,
    events,
    operations,
    replies,
    folder: join(options.storageFolder, 'jobs'),
    verifyBearer: options.verifyBearer,
    ca: options.tls.ca,
    baseUrl: state.baseUrl,
  });
  const workFolder = join(options.storageFolder, 'monitor');
  const monitoring = createMonitoring({ ...context, jobs: jobs.service, workFolder });
  const createdAtMs = clock.nowMs();
  const resources = [
    ...datastoreRoutes({ workspace, datastores: artifacts.datastores, storageAccount: STORAGE_ACCOUNT, createdAtMs }),
    ...ASSET_KINDS.flatMap((kind) => {
      const onCreated = kind === 'models' ? announceModel(workspace, events) : () => undefined;
      return assetRoutes({ kind, store: assets[kind], workspace, clock, artifacts, onCreated });
    }),
    ...endpointRoutes(context),
    ...deploymentRoutes(context),
    ...jobs.routes,
    ...monitoring.routes,
  ];
  const routes = [
    ...workspaceRoutes(workspace, mode, createdAtMs, STORAGE_ACCOUNT),
    ...refuseInLegacyMode(mode, resources),
    ...replies.routes,
  ];
  return { routes, jobs, monitoring };
}

function announceModel(workspace: WorkspaceOptions, events: SystemEventSink) {
  return (model: Parameters<typeof modelRegistered>[1]) => events.raise(modelRegistered(workspace, model));
}
