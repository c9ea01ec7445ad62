/** A monitor with a webhook receiver, and rules and requests for both. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callMonitor } from '../call-monitor.ts';
import { ENDPOINT_ID, type MonitorFixture, servedRequest, startFixture } from '../monitor-fixture.ts';

export const AUDIENCE = 'api://slipway-alerts';
const ARM = 'https://management.azure.com';
const INSIGHTS = '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Insights';
const API = '?api-version=2018-03-01';
export const RULE = `${INSIGHTS}/metricAlerts/slow`;
export const GROUP = `${INSIGHTS}/actionGroups/slipway`;

export interface ReceivedAlert {
  readonly authorization: string | undefined;
  readonly condition: string;
  readonly deployment: string;
  readonly body: { readonly data: { readonly essentials: Record<string, unknown>; readonly alertContext: unknown } };
}

export interface AlertFixture extends MonitorFixture {
  readonly received: ReceivedAlert[];
  /** Statuses of the next answers; 200 when it is empty. */
  readonly answers: number[];
  readonly webhookUrl: string;
  put(path: string, body: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  get(path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  /** A minute of requests, from the present moment on; then the clock stands at its end. */
  minute(latenciesMs: Readonly<Record<string, number>>): Promise<void>;
  stop(): Promise<void>;
}

export async function startAlertFixture(): Promise<AlertFixture> {
  const fixture = await startFixture();
  const received: ReceivedAlert[] = [];
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text);
    const { condition } = body.data.alertContext;
    const [dimension] = condition.allOf[0].dimensions;
    received.push({
      authorization: request.headers.authorization,
      condition: body.data.essentials.monitorCondition,
      deployment: dimension?.value ?? '',
      body,
    });
    response.writeHead(answers.shift() ?? 200).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/alerts/latency`;
  return {
    ...fixture,
    received,
    answers,
    webhookUrl,
    put: (path, body) => callMonitor(fixture, 'PUT', `${path}${API}`, { audience: ARM, body }),
    get: (path) => callMonitor(fixture, 'GET', `${path}${API}`, { audience: ARM }),
    async minute(latenciesMs) {
      const startedAtMs = fixture.clock.nowMs();
      for (const [deploymentName, totalDurationMs] of Object.entries(latenciesMs)) {
        fixture.monitor.sink.record(servedRequest({ deploymentName, totalDurationMs, startedAtMs }));
      }
      await fixture.clock.advance(60_000);
    },
    async stop() {
      server.close();
      await fixture.monitor.stop();
    },
  };
}

export function actionGroup(serviceUri: string, changes: object = {}): object {
  const receiver = { name: 'app', serviceUri, useCommonAlertSchema: true, useAadAuth: true, identifierUri: AUDIENCE };
  const webhookReceivers = [{ ...receiver, ...changes }];
  return { location: 'Global', properties: { groupShortName: 'slipway', enabled: true, webhookReceivers } };
}

export function latencyRule(changes: object = {}, criterion: object = {}): object {
  return {
    location: 'global',
    properties: {
      severity: 3,
      enabled: true,
      scopes: [ENDPOINT_ID],
      evaluationFrequency: 'PT1M',
      windowSize: 'PT1M',
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion',
            name: 'p95',
            metricName: 'RequestLatency_P95',
            metricNamespace: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
            dimensions: [{ name: 'deployment', operator: 'Include', values: ['*'] }],
            operator: 'GreaterThan',
            threshold: 250,
            timeAggregation: 'Average',
            ...criterion,
          },
        ],
      },
      actions: [{ actionGroupId: GROUP, webHookProperties: { policy: 'flights' } }],
      ...changes,
    },
  };
}
