/** Bounds of the monitor's options, of its memory, and its control endpoint. */
import { afterEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import type { MonitorOptions } from '../../../local/monitor/start-monitor.ts';
import { TrafficStore } from '../../../local/monitor/store/traffic-store.ts';
import { type MonitorFixture, servedRequest, startFixture, WORKSPACE_ID } from './monitor-fixture.ts';

let running: MonitorFixture | undefined;
afterEach(async () => {
  await running?.monitor.stop();
  running = undefined;
});

describe('options', () => {
  test.each<[string, Partial<MonitorOptions>]>([
    ['a workspace id that is no GUID', { logAnalyticsWorkspaceId: 'logs' }],
    ['a longest delay below the shortest', { ingestionDelayMs: { min: 2, max: 1 } }],
    ['a delay of more than an hour', { metricDelayMs: 3_600_001 }],
    ['a grain that does not fit into a minute', { metricGrainSeconds: 7 }],
    ['a grain of zero', { metricGrainSeconds: 0 }],
    ['no memory', { retentionRows: 0 }],
  ])('%s is refused', async (_what, options) => {
    await expect(startFixture(options)).rejects.toThrow();
  });
});

test('an ordered failure reaches the caller as the next answer', async () => {
  running = await startFixture();
  running.monitor.faults.arm({ match: { path: '/query' }, action: { type: 'fail', status: 503 } });
  const ask = () => running?.logs.queryWorkspace(WORKSPACE_ID, 'AmlOnlineEndpointTrafficLog', { duration: 'PT1H' });
  await expect(ask()).rejects.toMatchObject({ statusCode: 503 });
  await expect(ask()).resolves.toMatchObject({ status: 'Success' });
});

test('the oldest requests are forgotten when the store is full', () => {
  const store = new TrafficStore({
    clock: new ManualClock(),
    logAnalyticsWorkspaceId: WORKSPACE_ID,
    ingestionDelayMs: { min: 0, max: 0 },
    random: () => 0,
    retentionRows: 100,
  });
  for (let index = 0; index < 1000; index += 1) store.record(servedRequest({ xRequestId: `r${index}` }));
  const kept = store.requests().map(({ entry }) => entry.xRequestId);
  expect(kept.length).toBeGreaterThanOrEqual(100);
  expect(kept.length).toBeLessThanOrEqual(110);
  expect(kept.at(-1)).toBe('r999');
});
