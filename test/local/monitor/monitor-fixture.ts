/** A running monitor on a manual clock, clients of the real SDK that trust it, and requests to record. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogsQueryClient, MetricsQueryClient } from '@azure/monitor-query';
import { SignJWT } from 'jose';
import type { TrafficLogEntry } from '../../../local/contracts/traffic-log.ts';
import { createBearerVerifier } from '../../../local/emulator/bearer.ts';
import { type DevCertificates, ensureDevCertificates } from '../../../local/emulator/certificates.ts';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { type MonitorOptions, type RunningMonitor, startMonitor } from '../../../local/monitor/start-monitor.ts';

export const START_MS = Date.UTC(2026, 0, 1);
export const WORKSPACE_ID = '11111111-2222-4333-8444-555555555555';
export const ENDPOINT_ID =
  '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ml/onlineEndpoints/flights';

const KEY = new TextEncoder().encode('a key of at least thirty-two bytes');

export interface MonitorFixture {
  readonly monitor: RunningMonitor;
  readonly clock: ManualClock;
  readonly logs: LogsQueryClient;
  readonly metrics: MetricsQueryClient;
  readonly ca: string;
  token(audience: string, lifetimeMs?: number): Promise<string>;
}

/** One set per test file, in a folder of its own, so that files that run at once do not write over each other. */
const certificates = makeCertificates();

async function makeCertificates(): Promise<DevCertificates> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-monitor-'));
  try {
    return await ensureDevCertificates(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function startFixture(options: Partial<MonitorOptions> = {}): Promise<MonitorFixture> {
  const clock = new ManualClock(START_MS);
  const tls = await certificates;
  const monitor = await startMonitor({
    port: 0,
    clock,
    tls,
    verifyBearer: createBearerVerifier(KEY, () => clock.nowMs()),
    logAnalyticsWorkspaceId: WORKSPACE_ID,
    ingestionDelayMs: { min: 0, max: 0 },
    metricDelayMs: 0,
    issueToken: async (audience) => ({ value: await signToken(audience, clock.nowMs() + 3_600_000) }),
    ...options,
  });
  const token = (audience: string, lifetimeMs = 86_400_000) => signToken(audience, clock.nowMs() + lifetimeMs);
  const client = { endpoint: monitor.url, tlsOptions: { ca: tls.ca }, retryOptions: { maxRetries: 0 } };
  return {
    monitor,
    clock,
    ca: tls.ca,
    token,
    logs: new LogsQueryClient(credential(token), client),
    metrics: new MetricsQueryClient(credential(token), client),
  };
}

function credential(token: MonitorFixture['token']) {
  return {
    getToken: async (scopes: string | string[]) => ({
      token: await token([scopes].flat()[0]?.replace(/\/\.default$/, '') ?? ''),
      expiresOnTimestamp: Date.now() + 3_600_000,
    }),
  };
}

function signToken(audience: string, expiresMs: number): Promise<string> {
  return new SignJWT({ oid: 'caller' })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setExpirationTime(new Date(expiresMs))
    .sign(KEY);
}

/** A request that blue answered well at START_MS, with what `changes` says otherwise. */
export function servedRequest(changes: Partial<TrafficLogEntry> = {}): TrafficLogEntry {
  return {
    endpointResourceId: ENDPOINT_ID,
    endpointName: 'flights',
    deploymentName: 'blue',
    location: 'westeurope',
    workspaceName: 'ml',
    workspaceId: '99999999-2222-4333-8444-555555555555',
    method: 'POST',
    path: '/score',
    protocol: 'HTTP/1.1',
    authType: 'Key',
    startedAtMs: START_MS,
    requestDurationMs: 1,
    responseDurationMs: 9,
    totalDurationMs: 10,
    requestPayloadBytes: 120,
    responsePayloadBytes: 30,
    responseCode: 200,
    responseCodeReason: 'OK',
    modelStatusCode: 200,
    modelStatusReason: 'OK',
    userAgent: 'load',
    xRequestId: 'r1',
    xmsClientRequestId: '',
    mirrored: false,
    ...changes,
  };
}
