/** One serving plane with an open endpoint `flights`, and a caller for it, for the tests of this folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import type { DeploymentSpec, EndpointIdentity } from '../../../../local/azure-ml/seams/serving-plane.ts';
import {
  createServingPlane,
  type RunningServingPlane,
  type ServingPlaneOptions,
} from '../../../../local/azure-ml/serving/create-serving-plane.ts';
import type { TrafficLogEntry } from '../../../../local/contracts/traffic-log.ts';
import { createBearerVerifier } from '../../../../local/emulator/bearer.ts';
import { ensureDevCertificates } from '../../../../local/emulator/certificates.ts';
import { type Clock, systemClock } from '../../../../local/emulator/clock.ts';

export const KEYS = { primaryKey: 'first-key', secondaryKey: 'second-key' };
export const ENTRA_KEY = new TextEncoder().encode('a key that only this test knows.');
export const NEVER = new AbortController().signal;

export const IDENTITY: EndpointIdentity = {
  endpointName: 'flights',
  resourceId: '/subscriptions/s/resourceGroups/g/providers/p/workspaces/w/onlineEndpoints/flights',
  location: 'westeurope',
  workspaceName: 'w',
  workspaceId: '6a5e8a0e-0000-4000-8000-000000000001',
  authMode: 'Key',
};

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Fixture {
  readonly plane: RunningServingPlane;
  readonly uri: string;
  readonly folder: string;
  readonly rows: TrafficLogEntry[];
  readonly logged: string[];
  score(body: string, headers?: Record<string, string>): Promise<Reply>;
  send(init: { method?: string; path?: string; headers?: Record<string, string>; body?: string }): Promise<Reply>;
  /** Resolves when `count` rows are logged; they come after the replies. */
  rowsLogged(count: number): Promise<readonly TrafficLogEntry[]>;
  /** The row of the request that got `reply`. */
  rowOf(reply: Reply): Promise<TrafficLogEntry | undefined>;
  stop(): Promise<void>;
}

export async function startFixture(given: Partial<ServingPlaneOptions> = {}): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'serving-'));
  const tls = await ensureDevCertificates(join(folder, 'tls'));
  const clock: Clock = given.clock ?? systemClock;
  const rows: TrafficLogEntry[] = [];
  const logged: string[] = [];
  const plane = await createServingPlane({
    port: 0,
    clock,
    tls,
    pythonPath: process.execPath,
    workFolder: join(folder, 'work'),
    traffic: { record: (entry) => rows.push(entry) },
    verifyBearer: createBearerVerifier(ENTRA_KEY, () => clock.nowMs()),
    log: (line) => logged.push(line),
    ...given,
  });
  const uri = await plane.openEndpoint(IDENTITY, KEYS);
  const dispatcher = new Agent({ connect: { ca: tls.ca } });
  const send: Fixture['send'] = async ({ method = 'POST', path, headers = {}, body }) => {
    const reply = await request(path ? `${plane.url}${path}` : uri, {
      method,
      headers,
      body: body ?? null,
      dispatcher,
    });
    return { status: reply.statusCode, headers: reply.headers, body: await reply.body.text() };
  };
  const withKey = { authorization: `Bearer ${KEYS.primaryKey}`, 'content-type': 'application/json' };
  return {
    plane,
    uri,
    folder,
    rows,
    logged,
    send,
    score: (body, headers = {}) => send({ headers: { ...withKey, ...headers }, body }),
    rowsLogged: async (count) => {
      await until(() => rows.length >= count, `${count} rows in the traffic log`);
      return rows;
    },
    rowOf: async ({ headers }) => {
      const find = () => rows.find(({ xRequestId, mirrored }) => !mirrored && xRequestId === headers['x-request-id']);
      await until(() => find() !== undefined, 'the row of the reply');
      return find();
    },
    stop: async () => {
      await plane.stop();
      await dispatcher.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function specOf(deploymentName: string, given: Partial<DeploymentSpec> = {}): DeploymentSpec {
  const probe = { initialDelayMs: 0, periodMs: 100, timeoutMs: 1_000, successThreshold: 1, failureThreshold: 3 };
  return {
    endpointName: 'flights',
    deploymentName,
    modelFolder: '/nowhere',
    codeFolder: '/nowhere',
    scoringScript: 'score.py',
    environmentVariables: {},
    instanceCount: 1,
    requestTimeoutMs: 3_000,
    maxConcurrentRequestsPerInstance: 1,
    liveness: { ...probe, initialDelayMs: 60_000 },
    readiness: probe,
    ...given,
  };
}

const PATIENCE_MS = 15_000;

/** Polls until `holds`; fails with `what` when it does not come true. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error(`Waited ${PATIENCE_MS} ms for: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
