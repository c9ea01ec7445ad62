/**
 * The serving plane of managed online endpoints: real model servers behind one HTTPS router.
 *
 * 1. A request that was accepted is answered by the deployment that it was given to, whatever changes meanwhile:
 *    routing applies to the next request, and instances end only when they have nothing left to do.
 * 2. After `stop` no model server runs; none outlives this process.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BlobServiceClient } from '@azure/storage-blob';
import type { TrafficSink } from '../../contracts/traffic-log.ts';
import type { BearerVerifier } from '../../emulator/bearer.ts';
import type { DevCertificates } from '../../emulator/certificates.ts';
import type { Clock } from '../../emulator/clock.ts';
import { type RunningEmulator, startEmulator } from '../../emulator/server.ts';
import { collectingLauncher } from '../collection/collecting-launcher.ts';
import { CollectionCounts } from '../collection/collection-counts.ts';
import type { ServingPlane } from '../seams/serving-plane.ts';
import type { InstanceLauncher } from './process/instance-launcher.ts';
import { createPythonLauncher } from './process/python-launcher.ts';
import { EndpointTable } from './router/endpoint.ts';
import { installScoringRoutes } from './router/scoring-routes.ts';
import { runningDeployments } from './running-deployments.ts';

export interface ServingPlaneOptions {
  /** 0 picks a free port; one HTTPS server answers for all endpoints. */
  readonly port: number;
  readonly clock: Clock;
  readonly tls: DevCertificates;
  /** Interpreter of the virtual environment that has azureml-inference-server-http. */
  readonly pythonPath: string;
  /** Home folder of the model servers; made when absent. */
  readonly workFolder: string;
  readonly traffic: TrafficSink;
  /** Checks callers of endpoints in AADToken mode. */
  readonly verifyBearer: BearerVerifier;
  readonly log: (line: string) => void;
  /** Largest request body in bytes; 1.5 MiB unless given. */
  readonly payloadLimitBytes?: number;
  /** Uniform in [0, 1): decides weights and mirroring; Math.random unless given. */
  readonly random?: () => number;
  /** A GUID per request; random unless given. */
  readonly newRequestId?: () => string;
  /** Runs the model servers; Azure ML's inference server under `pythonPath` unless given. */
  readonly launcher?: InstanceLauncher;
  /** Where collected data goes; without it deployments collect nothing, whatever they ask for. */
  readonly blobs?: BlobServiceClient;
}

export interface RunningServingPlane extends ServingPlane {
  readonly port: number;
  readonly url: string;
  readonly faults: RunningEmulator['faults'];
}

const PAYLOAD_LIMIT_BYTES = 1.5 * 1024 * 1024;

/** Fails when the port is taken or the serving environment is missing. */
export async function createServingPlane(options: ServingPlaneOptions): Promise<RunningServingPlane> {
  const { clock, traffic, verifyBearer, log, random = Math.random, newRequestId = randomUUID } = options;
  const counts = new CollectionCounts();
  const launcher = chooseLauncher(options, counts);
  const endpoints = new EndpointTable();
  const emulator = await startEmulator({
    name: 'serving',
    port: options.port,
    clock,
    tls: options.tls,
    bodyLimitBytes: options.payloadLimitBytes ?? PAYLOAD_LIMIT_BYTES,
    register: (app) => {
      installScoringRoutes(app, { endpoints, clock, traffic, verifyBearer, log, random, newRequestId });
      app.get('/_control/collection', async () => counts.list());
    },
  });
  const deployments = runningDeployments(endpoints, { launcher, clock, log });
  return {
    port: emulator.port,
    url: emulator.url,
    faults: emulator.faults,
    async openEndpoint(endpoint, keys) {
      endpoints.open(endpoint, keys);
      return `${emulator.url}/endpoints/${endpoint.endpointName}/score`;
    },
    setKeys(endpointName, keys) {
      endpoints.require(endpointName).keys = keys;
    },
    setRouting(endpointName, routing) {
      endpoints.require(endpointName).routing = routing;
    },
    async closeEndpoint(endpointName) {
      const closed = endpoints.remove(endpointName);
      if (closed) await deployments.stopAllOf(closed);
    },
    startDeployment: deployments.start,
    scaleDeployment: deployments.scale,
    stopDeployment: deployments.stop,
    logs: (endpointName, deploymentName, tailLines) =>
      endpoints.get(endpointName)?.outputs.get(deploymentName)?.tail(tailLines) ?? '',
    async stop() {
      await emulator.stop();
      await deployments.killAll();
    },
  };
}

function chooseLauncher(options: ServingPlaneOptions, counts: CollectionCounts): InstanceLauncher {
  const { pythonPath, workFolder, blobs, clock, log } = options;
  const launcher = options.launcher ?? createPythonLauncher(pythonPath, workFolder);
  if (!blobs) return launcher;
  return collectingLauncher(launcher, { blobs, folder: join(workFolder, 'collection'), clock, counts, log });
}
