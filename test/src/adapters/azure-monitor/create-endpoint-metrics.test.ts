/** Latency per deployment, read from the local Azure Monitor. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureDevCertificates } from '../../../../local/emulator/certificates.ts';
import { ManualClock } from '../../../../local/emulator/manual-clock.ts';
import { type RunningMonitor, startMonitor } from '../../../../local/monitor/start-monitor.ts';
import { trustDevCa } from '../../../../local/stack/trust-dev-ca.ts';
import { createEndpointMetrics } from '../../../../src/adapters/azure-monitor/create-endpoint-metrics.ts';
import type { EndpointName } from '../../../../src/domain/ids/names.ts';
import type { EndpointMetrics } from '../../../../src/ports/endpoint-metrics.ts';
import { servedRequest } from '../../../local/monitor/monitor-fixture.ts';
import { testCredential, verifyTestToken } from '../token-credential.ts';

const TARGET = {
  subscriptionId: '11111111-1111-1111-1111-111111111111',
  resourceGroup: 'rg-test',
  workspace: 'ws-test',
};
const WORKSPACE_ID = `/subscriptions/${TARGET.subscriptionId}/resourceGroups/rg-test/providers/Microsoft.MachineLearningServices/workspaces/ws-test`;
const START_MS = Date.parse('2026-03-01T12:00:00Z');
const QUERY = {
  endpoint: 'flights' as EndpointName,
  metric: 'RequestLatency_P95',
  fromMs: START_MS,
  toMs: START_MS + 300_000,
  grainSeconds: 60,
} as const;

let folder: string;
let monitor: RunningMonitor;
let metrics: EndpointMetrics;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-latency-'));
  const tls = await ensureDevCertificates(folder);
  trustDevCa(tls.ca);
  monitor = await startMonitor({
    port: 0,
    clock: new ManualClock(START_MS + 3_600_000),
    tls,
    verifyBearer: verifyTestToken,
    issueToken: async () => ({ value: '', expiresOnSeconds: 0 }),
    logAnalyticsWorkspaceId: '66666666-7777-4888-8999-000000000000',
    ingestionDelayMs: { min: 0, max: 0 },
    metricDelayMs: 0,
    metricGrainSeconds: 60,
  });
  metrics = createEndpointMetrics({ ...TARGET, metricsEndpoint: monitor.url }, testCredential);
  for (const [minute, durationMs] of [
    [0, 100],
    [1, 300],
  ] as const) {
    serve('blue', START_MS + minute * 60_000, 50);
    serve('green', START_MS + minute * 60_000, durationMs);
  }
  serve('third', START_MS + 600_000, 900);
});
afterAll(async () => {
  await monitor.stop();
  rmSync(folder, { recursive: true });
});

function serve(deployment: string, atMs: number, durationMs: number): void {
  monitor.sink.record(
    servedRequest({
      endpointResourceId: `${WORKSPACE_ID}/onlineEndpoints/flights`,
      deploymentName: deployment,
      workspaceName: 'ws-test',
      startedAtMs: atMs,
      totalDurationMs: durationMs,
    }),
  );
}

test('each deployment with requests in the window has the mean of its minutes', async () => {
  const readings = await metrics.readLatency(QUERY);
  expect([...readings].sort((a, b) => a.value - b.value)).toEqual([
    { deployment: 'blue', value: 50 },
    { deployment: 'green', value: 200 },
  ]);
});

test('a window without requests has no readings', async () => {
  expect(await metrics.readLatency({ ...QUERY, fromMs: START_MS - 600_000, toMs: START_MS })).toEqual([]);
});

test('an outage costs a retry, a longer one makes it throw', async () => {
  const fault = { type: 'fail', status: 503 } as const;
  monitor.faults.arm({ match: { method: 'GET', path: '/metrics' }, action: fault });
  expect(await metrics.readLatency(QUERY)).toHaveLength(2);
  monitor.faults.arm({ match: { method: 'GET', path: '/metrics' }, action: fault, times: 3 });
  await expect(metrics.readLatency(QUERY)).rejects.toThrow();
});
