/** Composes the jobs of a workspace: their state, what runs them, and the tracking server that they log to. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { BearerVerifier } from '../../emulator/bearer.ts';
import type { ArmRoute } from '../arm/protocol/arm-call.ts';
import { workspaceArmId } from '../arm/protocol/workspace.ts';
import { TRACKING_PATH } from '../arm/workspace-routes.ts';
import { JobRuns } from '../mlflow/job-runs.ts';
import { createJobTracking } from '../mlflow/job-tracking.ts';
import { MlflowCalls } from '../mlflow/mlflow-calls.ts';
import { createMlflowServer, type MlflowServer } from '../mlflow/mlflow-server.ts';
import { installTrackingFront } from '../mlflow/tracking-front.ts';
import { jobRoutes } from './job-routes.ts';
import { JobService } from './job-service.ts';
import { createJobLauncher, type JobLauncher } from './launch/job-launcher.ts';
import { RunSlots } from './launch/run-slots.ts';
import type { JobContext } from './seams/job-context.ts';
import { noTracking, type RunTracking } from './seams/run-tracking.ts';

export interface JobOptions {
  /** Interpreter of the environment that every command runs in (`.slipway/venv/training`). */
  readonly pythonPath: string;
  /** Interpreter of MLflow's environment (`.slipway/venv/mlflow`); without it nothing is tracked. */
  readonly mlflowPythonPath?: string;
  /** How many commands run at once; 2 unless given. */
  readonly maxConcurrent?: number;
  /** Shortest time in each state but Running; 200 unless given. */
  readonly stageMs?: number;
  /** Receives one line per trouble with tracking. */
  readonly log?: (line: string) => void;
}

export interface JobParts
  extends Omit<JobContext, 'tracking' | 'launcher' | 'slots' | 'stageMs' | 'workFolder' | 'stopping'> {
  /** Folder for running jobs and the tracking server's database. */
  readonly folder: string;
  readonly verifyBearer: BearerVerifier;
  /** Certificate authority of this server, PEM. */
  readonly ca: string;
  /** `https://localhost:<port>` of this server; asked when a job starts. */
  readonly baseUrl: () => string;
}

export interface Jobs {
  readonly service: JobService;
  readonly routes: readonly ArmRoute[];
  /** Absent without an interpreter for it. */
  readonly mlflow: MlflowServer | undefined;
  install(app: FastifyInstance): void;
  stop(): Promise<void>;
}

/** Without `options` jobs can be submitted, and each fails with the reason. */
export function createJobs(options: JobOptions | undefined, parts: JobParts): Jobs {
  const stop = new AbortController();
  const tracking = options?.mlflowPythonPath ? createTracking(options, options.mlflowPythonPath, parts) : undefined;
  const workFolder = join(parts.folder, 'work');
  // What a killed emulator left: no job of this one has begun.
  rmSync(workFolder, { recursive: true, force: true });
  const context: JobContext = {
    ...parts,
    tracking: tracking?.tracking ?? noTracking,
    launcher: options ? createJobLauncher(options.pythonPath) : noLauncher,
    slots: new RunSlots(options?.maxConcurrent ?? 2),
    stageMs: options?.stageMs ?? 200,
    workFolder,
    stopping: stop.signal,
  };
  const service = new JobService(context, stop);
  return {
    service,
    routes: jobRoutes(context, service),
    mlflow: tracking?.server,
    install: (app) => tracking?.install(app),
    async stop() {
      await service.stop();
      await tracking?.server.stop();
    },
  };
}

const noLauncher: JobLauncher = {
  run: async () => {
    throw new Error('This workspace has no environment for jobs; start it with the option jobs.pythonPath.');
  },
};

function createTracking(
  options: JobOptions,
  pythonPath: string,
  parts: JobParts,
): { tracking: RunTracking; server: MlflowServer; install(app: FastifyInstance): void } {
  const { clock, jobs, workspace, artifacts, verifyBearer } = parts;
  const server = createMlflowServer({ pythonPath, folder: join(parts.folder, 'mlflow') });
  const runs = new JobRuns(jobs, new MlflowCalls(server), clock);
  const tracking = createJobTracking({
    runs,
    trackingUrl: () => `${parts.baseUrl()}${TRACKING_PATH}${workspaceArmId(workspace)}`,
    caPath: writeCa(parts),
    log: options.log ?? (() => {}),
  });
  const artifactUri = (jobName: string, forJob: boolean) => {
    const uri = jobs.outputUri(jobName, 'artifacts');
    const place = uri === undefined ? undefined : artifacts.resolve(uri);
    return forJob && place?.ok ? pathToFileURL(place.path).href : uri;
  };
  return {
    tracking,
    server,
    install: (app) => installTrackingFront(app, { server, runs, tracking, verifyBearer, artifactUri }),
  };
}

/** Jobs get a copy: the file that the certificates came from may be gone. */
function writeCa(parts: JobParts): string {
  mkdirSync(parts.folder, { recursive: true });
  const path = join(parts.folder, 'ca.pem');
  writeFileSync(path, parts.ca);
  return path;
}
