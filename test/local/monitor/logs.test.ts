/** Log queries as the real LogsQueryClient sends and reads them. */
import { LogsQueryResultStatus } from '@azure/monitor-query';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TrafficLogEntry } from '../../../local/contracts/traffic-log.ts';
import { callMonitor } from './call-monitor.ts';
import {
  ENDPOINT_ID,
  type MonitorFixture,
  START_MS,
  servedRequest,
  startFixture,
  WORKSPACE_ID,
} from './monitor-fixture.ts';

let fixture: MonitorFixture;
let draws: number[] = [];

beforeEach(async () => {
  draws = [];
  fixture = await startFixture({ ingestionDelayMs: { min: 1000, max: 5000 }, random: () => draws.shift() ?? 0 });
});
afterEach(() => fixture.monitor.stop());

const HOUR = { duration: 'PT1H' };
const TABLE = 'AmlOnlineEndpointTrafficLog';

async function ask(query: string, timespan: Parameters<MonitorFixture['logs']['queryWorkspace']>[2] = HOUR) {
  const result = await fixture.logs.queryWorkspace(WORKSPACE_ID, query, timespan);
  if (result.status !== LogsQueryResultStatus.Success) throw new Error('the query failed in part');
  const [table] = result.tables;
  if (!table) throw new Error('the answer has no table');
  return table;
}

async function record(...changes: Partial<TrafficLogEntry>[]) {
  for (const change of changes) fixture.monitor.sink.record(servedRequest(change));
  await fixture.clock.advance(10_000);
}

describe('rows', () => {
  test('a served request becomes a row with the documented columns and types', async () => {
    await record({ userAgent: 'u'.repeat(100), totalDurationMs: 12.6, modelStatusCode: 500, responseCode: 424 });
    const table = await ask(TABLE);
    const types = Object.fromEntries(table.columnDescriptors.map(({ name, type }) => [name, type]));
    expect(types).toMatchObject({
      TimeGenerated: 'datetime',
      ResponseCode: 'int',
      AuthType: 'string',
      _BilledSize: 'real',
    });
    const cells = Object.fromEntries(table.columnDescriptors.map(({ name }, index) => [name, table.rows[0]?.[index]]));
    expect(cells).toMatchObject({
      TimeGenerated: new Date(START_MS),
      _TimeReceived: new Date(START_MS),
      EndpointName: 'flights',
      DeploymentName: 'blue',
      ResponseCode: 424,
      ModelStatusCode: 500,
      TotalDurationMs: 13,
      UserAgent: 'u'.repeat(70),
      Type: TABLE,
      TenantId: WORKSPACE_ID,
      _ResourceId: ENDPOINT_ID.toLowerCase(),
      _SubscriptionId: '00000000-0000-4000-8000-000000000001',
    });
  });

  test('a mirrored copy is a row of the shadow deployment', async () => {
    await record({}, { deploymentName: 'green', mirrored: true });
    const { rows } = await ask(`${TABLE} | summarize count() by DeploymentName | order by DeploymentName asc`);
    expect(rows).toEqual([
      ['blue', 1],
      ['green', 1],
    ]);
  });

  test('each row appears after its own delay, so a later request can be seen first', async () => {
    draws = [0.75, 0];
    fixture.monitor.sink.record(servedRequest({ xRequestId: 'first' }));
    fixture.monitor.sink.record(servedRequest({ xRequestId: 'second', startedAtMs: START_MS + 500 }));
    const seen = async () => (await ask(`${TABLE} | project XRequestId, ingestion_time()`)).rows;
    await fixture.clock.advance(999);
    expect(await seen()).toEqual([]);
    await fixture.clock.advance(1);
    expect(await seen()).toEqual([['second', new Date(START_MS + 1000)]]);
    await fixture.clock.advance(3000);
    expect(await seen()).toEqual([
      ['first', new Date(START_MS + 4000)],
      ['second', new Date(START_MS + 1000)],
    ]);
  });
});

describe('the query that judges a rollout', () => {
  test('counts, errors and latency bins per deployment and bucket come back typed', async () => {
    await record(
      { totalDurationMs: 0, deploymentName: 'flights-aaaa1111' },
      { totalDurationMs: 10, deploymentName: 'flights-aaaa1111', startedAtMs: START_MS + 1999 },
      { totalDurationMs: 10, deploymentName: 'flights-aaaa1111', responseCode: 424, startedAtMs: START_MS + 2000 },
      { totalDurationMs: 10, deploymentName: 'flights-aaaa1111', responseCode: 500, startedAtMs: START_MS + 2001 },
      { totalDurationMs: 900, deploymentName: 'flights-bbbb2222', startedAtMs: START_MS + 2001 },
      { totalDurationMs: 900, deploymentName: 'somebody-else' },
    );
    const table = await ask(`
      let windowStart = datetime(2026-01-01T00:00:00Z); let windowEnd = datetime(2026-01-01T00:10:00Z);
      AmlOnlineEndpointTrafficLog
      | where TimeGenerated >= windowStart and TimeGenerated < windowEnd
      | where EndpointName == "flights" and DeploymentName in ("flights-aaaa1111", "flights-bbbb2222")
      | extend failed = ResponseCode >= 500 or ResponseCode in (408, 424, 429)
      | extend latencyBin = toint(floor(log(iff(TotalDurationMs < 1, 1, TotalDurationMs)) / log(1.1040808032), 1))
      | summarize requests = count(), errors = countif(failed), lastIngested = max(ingestion_time())
          by DeploymentName, bucketStart = bin(TimeGenerated, 2s), latencyBin
      | order by bucketStart asc, DeploymentName asc, latencyBin asc`);
    expect(table.columnDescriptors).toEqual([
      { name: 'DeploymentName', type: 'string' },
      { name: 'bucketStart', type: 'datetime' },
      { name: 'latencyBin', type: 'int' },
      { name: 'requests', type: 'long' },
      { name: 'errors', type: 'long' },
      { name: 'lastIngested', type: 'datetime' },
    ]);
    const ingested = new Date(START_MS + 1000);
    expect(table.rows).toEqual([
      ['flights-aaaa1111', new Date(START_MS), 0, 1, 0, ingested],
      ['flights-aaaa1111', new Date(START_MS), 23, 1, 0, ingested],
      ['flights-aaaa1111', new Date(START_MS + 2000), 23, 2, 2, ingested],
      ['flights-bbbb2222', new Date(START_MS + 2000), 68, 1, 0, ingested],
    ]);
  });
});

describe('scope and timespan', () => {
  test('the timespan of the request and the conditions of the query both hold', async () => {
    await record({}, { startedAtMs: START_MS + 4000 }, { startedAtMs: START_MS + 8000 });
    const until = { startTime: new Date(START_MS), endTime: new Date(START_MS + 4000) };
    const { rows } = await ask(`${TABLE} | where TimeGenerated > datetime(2026-01-01) | count`, until);
    expect(rows).toEqual([[1]]);
    expect((await ask(`${TABLE} | count`, { duration: 'PT6S' })).rows).toEqual([[2]]);
    expect((await ask(`${TABLE} | count`, { startTime: new Date(START_MS), duration: 'PT4S' })).rows).toEqual([[2]]);
  });

  test('a resource query sees the rows of the resource and those below it only', async () => {
    await record({}, { endpointResourceId: `${ENDPOINT_ID}-other`, endpointName: 'flights-other' });
    const count = async (resource: string) => {
      const result = await fixture.logs.queryResource(resource, `${TABLE} | count`, HOUR);
      return result.status === LogsQueryResultStatus.Success ? result.tables[0]?.rows[0]?.[0] : 'failed';
    };
    expect(await count(ENDPOINT_ID.toUpperCase())).toBe(1);
    expect(await count(ENDPOINT_ID.replace(/\/onlineEndpoints.*/, ''))).toBe(2);
  });

  test('a batch answers each query by itself', async () => {
    await record({});
    const results = await fixture.logs.queryBatch([
      { workspaceId: WORKSPACE_ID, query: `${TABLE} | count`, timespan: HOUR },
      { workspaceId: WORKSPACE_ID, query: 'Missing | count', timespan: HOUR },
      { workspaceId: '22222222-2222-4333-8444-555555555555', query: `${TABLE} | count`, timespan: HOUR },
    ]);
    expect([...results]).toMatchObject([
      { status: 'Success', tables: [{ rows: [[1]] }] },
      { status: 'Failure', code: 'BadArgumentError' },
      { status: 'Failure', code: 'WorkspaceNotFoundError' },
    ]);
  });
});

describe('refusals', () => {
  test('a semantic error names its rule, place and text', async () => {
    await expect(ask(`${TABLE}\n| where Missing > 1`)).rejects.toMatchObject({
      statusCode: 400,
      code: 'BadArgumentError',
      details: {
        error: {
          innerError: { code: 'SemanticError', innerError: { code: 'SEM0100', line: 2, pos: 8 } },
        },
      },
    });
  });

  test('a syntax error names the token that cannot be read', async () => {
    await expect(ask(`${TABLE} | join kind=inner (X) on Y`)).rejects.toMatchObject({
      statusCode: 400,
      details: {
        error: {
          innerError: {
            code: 'SyntaxError',
            innerError: {
              code: 'SYN0002',
              line: 1,
              pos: 30,
              token: 'join',
              message: expect.stringContaining("'join' on line [1,30]"),
            },
          },
        },
      },
    });
  });

  test('a workspace that does not exist is not found', async () => {
    const other = '22222222-2222-4333-8444-555555555555';
    await expect(fixture.logs.queryWorkspace(other, TABLE, HOUR)).rejects.toMatchObject({ statusCode: 404 });
    await expect(
      fixture.logs.queryWorkspace(WORKSPACE_ID, TABLE, HOUR, { additionalWorkspaces: [other] }),
    ).rejects.toMatchObject({ statusCode: 400 });
  });

  test.each([
    [{ timespan: 'PT1H' }, 'query'],
    [{ query: TABLE, timespan: 'yesterday' }, 'yesterday'],
    [{ query: TABLE, timespan: '2026-01-02/2026-01-01' }, '2026-01-02/2026-01-01'],
    [undefined, 'expected object'],
  ])('the body %j is refused', async (body, text) => {
    const answer = await callMonitor(fixture, 'POST', `/v1/workspaces/${WORKSPACE_ID}/query`, {
      audience: 'https://api.loganalytics.io',
      body,
    });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(text);
  });

  test('a caller without a token, with a token for another service or an expired one is refused', async () => {
    const path = `/v1/workspaces/${WORKSPACE_ID}/query`;
    const call = (options: Parameters<typeof callMonitor>[3]) => callMonitor(fixture, 'POST', path, options);
    const body = { query: TABLE };
    expect(await call({ body })).toMatchObject({ status: 401, body: { error: { code: 'AuthenticationFailed' } } });
    expect(await call({ body, audience: 'https://management.azure.com' })).toMatchObject({ status: 403 });
    expect(await call({ body, audience: 'https://api.loganalytics.io', lifetimeMs: -1000 })).toMatchObject({
      status: 403,
      body: { error: { code: 'InvalidAuthenticationToken' } },
    });
  });

  test('a path that does not exist is not found', async () => {
    const audience = 'https://api.loganalytics.io';
    expect(await callMonitor(fixture, 'POST', '/v1/elsewhere', { audience, body: {} })).toMatchObject({ status: 404 });
  });
});
