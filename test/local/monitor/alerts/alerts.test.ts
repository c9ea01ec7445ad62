/** Metric alert rules: which deployment fires, once, when it is resolved, and how the webhook hears of it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { callMonitor } from '../call-monitor.ts';
import {
  type AlertFixture,
  AUDIENCE,
  actionGroup,
  GROUP,
  latencyRule,
  RULE,
  startAlertFixture,
} from './alert-fixture.ts';

let fixture: AlertFixture;
beforeEach(async () => {
  fixture = await startAlertFixture();
});
afterEach(() => fixture.stop());

async function watch(rule: object = latencyRule()): Promise<void> {
  expect((await fixture.put(GROUP, actionGroup(fixture.webhookUrl))).status).toBe(201);
  expect((await fixture.put(RULE, rule)).status).toBe(201);
}

async function heard(count: number): Promise<readonly string[]> {
  await vi.waitFor(() => expect(fixture.received).toHaveLength(count), { timeout: 10_000 });
  return fixture.received.map(({ condition, deployment }) => `${condition} ${deployment}`);
}

test('only the slow deployment fires, once, and is resolved after three good checks', async () => {
  await watch();
  await fixture.minute({ blue: 90, green: 400 });
  await heard(1);
  await fixture.minute({ blue: 90, green: 420 });
  expect(await heard(1)).toEqual(['Fired green']);
  await fixture.minute({ blue: 90, green: 80 });
  await fixture.minute({ blue: 90, green: 80 });
  expect(fixture.received).toHaveLength(1);
  await fixture.minute({ blue: 90, green: 80 });
  expect(await heard(2)).toEqual(['Fired green', 'Resolved green']);
  const [fired, resolved] = fixture.received;
  expect(resolved?.body.data.essentials.alertId).toBe(fired?.body.data.essentials.alertId);
});

test('the alert has the common schema and a token for the application that the group names', async () => {
  await watch();
  await fixture.minute({ green: 400 });
  await heard(1);
  const [alert] = fixture.received;
  expect(alert?.authorization).toMatch(/^Bearer .+\..+\./);
  const claims = JSON.parse(Buffer.from(alert?.authorization?.split('.')[1] ?? '', 'base64url').toString());
  expect(claims.aud).toBe(AUDIENCE);
  expect(alert?.body).toMatchObject({
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: { alertRule: 'slow', severity: 'Sev3', signalType: 'Metric', configurationItems: ['flights'] },
      alertContext: {
        condition: {
          windowSize: 'PT1M',
          allOf: [
            {
              metricName: 'RequestLatency_P95',
              operator: 'GreaterThan',
              threshold: '250',
              dimensions: [{ name: 'deployment', value: 'green' }],
              metricValue: 400,
            },
          ],
        },
      },
      customProperties: { policy: 'flights' },
    },
  });
});

test('without autoMitigate an alert is never resolved', async () => {
  await watch(latencyRule({ autoMitigate: false }));
  await fixture.minute({ green: 400 });
  await heard(1);
  for (let minute = 0; minute < 5; minute += 1) await fixture.minute({ green: 10 });
  expect(await heard(1)).toEqual(['Fired green']);
});

test('silence neither fires nor resolves', async () => {
  await watch(latencyRule({}, { operator: 'LessThan', threshold: 50 }));
  for (let minute = 0; minute < 5; minute += 1) await fixture.minute({});
  expect(fixture.received).toHaveLength(0);
});

test('a rule that is switched off or deleted is silent', async () => {
  await watch(latencyRule({ enabled: false }));
  await fixture.minute({ green: 400 });
  await fixture.put(RULE, latencyRule());
  expect(
    (await callMonitor(fixture, 'DELETE', `${RULE}?api-version=1`, { audience: 'https://management.azure.com' }))
      .status,
  ).toBe(200);
  await fixture.minute({ green: 400 });
  expect(fixture.received).toHaveLength(0);
  expect((await fixture.get(RULE)).status).toBe(404);
});

test('a webhook that is briefly unavailable gets the alert again', async () => {
  await watch();
  fixture.answers.push(503);
  await fixture.minute({ green: 400 });
  await heard(1);
  await vi.waitFor(async () => {
    await fixture.clock.advance(5000);
    expect(fixture.received.length).toBeGreaterThan(1);
  });
  expect(fixture.received.map(({ condition }) => condition)).toEqual(['Fired', 'Fired']);
});

test.each([
  ['a dynamic threshold', latencyRule({}, { criterionType: 'DynamicThresholdCriterion' }), 'criterionType'],
  ['an unknown metric', latencyRule({}, { metricName: 'Wishes' }), 'metricName'],
  [
    'an unknown dimension',
    latencyRule({}, { dimensions: [{ name: 'mood', operator: 'Include', values: ['*'] }] }),
    'mood',
  ],
  ['a window below the frequency', latencyRule({ evaluationFrequency: 'PT5M' }), 'windowSize'],
  ['an odd window', latencyRule({ windowSize: 'PT7M' }), 'windowSize'],
  ['a scope that is no endpoint', latencyRule({ scopes: ['/subscriptions/x'] }), 'scopes'],
])('%s is refused with its path', async (_what, rule, path) => {
  const { status, body } = await fixture.put(RULE, rule);
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain(path);
});

test('a webhook beyond this machine, or a secure one without an application, is refused', async () => {
  expect((await fixture.put(GROUP, actionGroup('https://example.com/hook'))).status).toBe(400);
  const nameless = actionGroup(fixture.webhookUrl, { identifierUri: undefined });
  expect((await fixture.put(GROUP, nameless)).status).toBe(400);
});

test('the control plane needs a token', async () => {
  expect((await callMonitor(fixture, 'GET', `${RULE}?api-version=1`)).status).toBe(401);
});
