import type { ScheduleListViewType } from '@azure/arm-machinelearning';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  driftSignal,
  fixed,
  type MonitorFixture,
  monitorBody,
  rolling,
  startMonitorFixture,
  threshold,
} from './monitor-fixture.ts';

const DAY_MS = 86_400_000;
const PATH = '/schedules/flights-monitor';
const WORKSPACE = ['rg-test', 'ws-test'] as const;

let fixture: MonitorFixture;

beforeEach(async () => {
  fixture = await startMonitorFixture();
});
afterEach(() => fixture.stop());

/** A monitor over data that do not exist: its runs fail at once, which is enough to see that it fired. */
const BODY = monitorBody({ drift: driftSignal() });

const runsOf = (name = 'flights-monitor') => fixture.azureMl.monitoring.runsOf(name);

/** Files are read in real time even when the clock is moved by hand. */
async function advanceAndSettle(ms: number): Promise<void> {
  await fixture.clock.advance(ms);
  await expect.poll(() => runsOf().every(({ state }) => state !== 'Running'), { timeout: 10_000 }).toBe(true);
}

describe('a schedule', () => {
  test('is written as a long-running operation and read back as it was written', async () => {
    const answer = await fixture.raw('PUT', PATH, BODY);
    expect([answer.status, answer.body.properties.provisioningState]).toEqual([201, 'Creating']);
    expect((await fixture.raw('GET', answer.header('azure-asyncoperation') ?? '')).body.status).toBe('InProgress');
    expect((await fixture.raw('PUT', PATH, BODY)).status).toBe(409);
    await fixture.clock.advance(100);
    const { body } = await fixture.raw('GET', PATH);
    expect(body).toMatchObject({
      name: 'flights-monitor',
      type: 'Microsoft.MachineLearningServices/workspaces/schedules',
      properties: { ...BODY.properties, isEnabled: true, provisioningState: 'Succeeded' },
    });
    expect((await fixture.writeNow('PUT', PATH, body)).status).toBe(200);
    expect((await fixture.raw('GET', PATH)).body.properties).toEqual(body.properties);
  });

  test('fires at the times of its trigger, and no more when it is disabled or deleted', async () => {
    await fixture.writeNow('PUT', PATH, BODY);
    await advanceAndSettle(2 * DAY_MS);
    expect(runsOf().map(({ firedAtMs }) => new Date(firedAtMs).toISOString())).toEqual([
      '2026-01-06T03:15:00.000Z',
      '2026-01-07T03:15:00.000Z',
    ]);
    const disabled = { properties: { ...BODY.properties, isEnabled: false } };
    await fixture.writeNow('PUT', PATH, disabled);
    await advanceAndSettle(2 * DAY_MS);
    expect(runsOf()).toHaveLength(2);
    await fixture.writeNow('PUT', PATH, BODY);
    expect((await fixture.writeNow('DELETE', PATH)).status).toBe(202);
    expect((await fixture.raw('GET', PATH)).status).toBe(404);
    expect((await fixture.raw('DELETE', PATH)).status).toBe(204);
    await fixture.clock.advance(2 * DAY_MS);
    expect(fixture.statusEvents('azureml.PipelineRun').filter(({ runStatus }) => runStatus === 'Failed')).toHaveLength(
      2,
    );
  });

  test('follows its new trigger after a change', async () => {
    await fixture.writeNow('PUT', PATH, BODY);
    const trigger = { triggerType: 'Cron', expression: '0 20 * * *' };
    await fixture.writeNow('PUT', PATH, { properties: { ...BODY.properties, trigger } });
    await advanceAndSettle(DAY_MS);
    expect(runsOf().map(({ firedAtMs }) => new Date(firedAtMs).toISOString())).toEqual(['2026-01-05T20:00:00.000Z']);
  });

  test('starts jobs when its action says so', async () => {
    const jobDefinition = { jobType: 'Command', command: 'true', environmentId: 'azureml:none:1' };
    const action = { actionType: 'CreateJob', jobDefinition };
    await fixture.writeNow('PUT', PATH, { properties: { ...BODY.properties, action } });
    await advanceAndSettle(DAY_MS);
    expect(runsOf()).toMatchObject([{ state: 'Failed', error: expect.stringContaining('ArmError') }]);
    await fixture.raw('PUT', '/environments/none/versions/1', { properties: { image: 'x' } });
    await advanceAndSettle(DAY_MS);
    const [, run] = runsOf();
    expect(run?.state).toBe('Completed');
    expect((await fixture.raw('GET', `/jobs/${run?.name}`)).body.properties.command).toBe('true');
  });

  test('is listed by the official client by whether it is enabled', async () => {
    await fixture.writeNow('PUT', PATH, BODY);
    await fixture.writeNow('PUT', '/schedules/off', { properties: { ...BODY.properties, isEnabled: false } });
    const names = async (listViewType?: ScheduleListViewType) => {
      const listed: (string | undefined)[] = [];
      const options = listViewType ? { listViewType } : {};
      for await (const { name } of fixture.client.schedules.list(...WORKSPACE, options)) listed.push(name);
      return listed;
    };
    expect(await names()).toEqual(['flights-monitor']);
    expect(await names('DisabledOnly')).toEqual(['off']);
    expect(await names('All')).toEqual(['flights-monitor', 'off']);
    const shown = await fixture.client.schedules.get(...WORKSPACE, 'flights-monitor');
    expect(shown.properties.action).toEqual({ actionType: 'CreateMonitor' });
  });

  test('is run now by the control endpoint, also when it is disabled', async () => {
    await fixture.writeNow('PUT', PATH, { properties: { ...BODY.properties, isEnabled: false } });
    const control = async (method: 'GET' | 'POST', path: string) =>
      fixture.raw(method, `${fixture.azureMl.url}/_control/schedules/${path}`);
    const run = await control('POST', 'flights-monitor/run');
    expect(run.body).toMatchObject({ schedule: 'flights-monitor', state: 'Failed' });
    expect((await control('GET', 'flights-monitor/runs')).body).toEqual([run.body]);
    expect((await control('POST', 'other/run')).status).toBe(404);
  });
});

describe('a schedule is refused', () => {
  const signal = (given: object) => monitorBody({ drift: driftSignal(given) });

  test.each<[string, object, string]>([
    ['without a trigger', { properties: { action: BODY.properties.action } }, 'properties.trigger'],
    ['without signals', monitorBody({}), 'holds no signal'],
    [
      'with a metric of the other data type',
      signal({ metricThresholds: [threshold('Categorical', 'NormalizedWassersteinDistance', 1)] }),
      'metricThresholds.0.metric',
    ],
    ['without thresholds', signal({ metricThresholds: [] }), 'metricThresholds'],
    ['with a window that is none', signal({ productionData: rolling('azureml:a:1', '1 day') }), 'windowSize'],
    ['with an empty window', signal({ productionData: rolling('azureml:a:1', 'P0D') }), 'is empty'],
    ['without a data address', signal({ referenceData: { ...fixed('x'), uri: undefined } }), 'referenceData.uri'],
    ['for signals that are not computed', monitorBody({ a: { signalType: 'Custom' } }), 'type Custom are not emulated'],
    [
      'for batch endpoints',
      { properties: { ...BODY.properties, action: { actionType: 'InvokeBatchEndpoint' } } },
      'batch endpoints are not emulated',
    ],
  ])('%s', async (_case, body, reason) => {
    const answer = await fixture.raw('PUT', PATH, body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(reason);
  });

  test('as a monitor by an api-version that does not know monitors', async () => {
    const answer = await fixture.raw('PUT', `${PATH}?api-version=2023-10-01`, BODY);
    expect([answer.status, answer.body.error.message]).toEqual([400, expect.stringContaining('2024-04-01')]);
  });
});
