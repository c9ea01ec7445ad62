/** A job that was paid for, and whose metrics came too late: a person has it judged, and nothing is paid again. */
import { HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import type { ModelName, ModelVersion } from '../../../src/domain/ids/names.ts';
import { createPolicies } from '../../../src/domain/policy/policies.ts';
import { createJudgeAgain } from '../../../src/functions/http/judge-again.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { aRetrainingPolicy } from '../domain/a-retraining-policy.ts';
import { openVirtualApp, type VirtualApp } from './virtual-app.ts';
import { endJobs, lastOf, phases, start } from './virtual-retraining.ts';

const POLICIES = createPolicies([aPolicy({ model: 'air-time' as ModelName, retrain: aRetrainingPolicy() })]);

async function unreadable() {
  const app = await openVirtualApp();
  app.training.failures.set('readRun', 1000);
  const id = await start(app, { metricsTimeoutSeconds: 7200 });
  await app.runMinutes(1);
  endJobs(app, 'completed');
  await app.runMinutes(140);
  app.training.failures.clear();
  expect(await lastOf(app, id)).toMatchObject({ phase: 'metrics-unreadable' });
  return { app, id };
}

async function judgeAgain({ tokens, clock, audit, control }: VirtualApp, id: string) {
  const grant = { kind: 'operator', scopes: ['operate'] } as const;
  const token = await tokens.mint({ subject: 'ada', grant, expiresAtMs: clock.nowMs() + 60_000 });
  const request = new HttpRequest({
    method: 'POST',
    url: 'https://slipway.example/api/retrainings',
    headers: { authorization: `Bearer ${token}` },
    params: { id },
    body: { string: JSON.stringify({ reason: 'MLflow is back' }) },
  });
  const reply = await createJudgeAgain({ tokens, clock, audit }, POLICIES)(request, control);
  return { status: reply.status, body: reply.jsonBody as { retrainingId: string; started: boolean } };
}

describe('a job whose metrics were unreadable', () => {
  it('is judged on demand, also in the cool-down, and is paid for once', async () => {
    const { app, id } = await unreadable();
    const { status, body } = await judgeAgain(app, id);
    expect({ status, started: body.started }).toEqual({ status: 202, started: true });
    await app.runMinutes(5);
    expect(await phases(app, body.retrainingId)).toEqual(['training', 'gating', 'registering', 'registered']);
    expect(app.training.submitted).toHaveLength(1);
    const [first] = await app.audit.listRetraining(id);
    expect(app.training.registrations).toMatchObject([
      { tags: { 'slipway.job': app.training.submitted[0]?.name, 'slipway.champion': first?.champion } },
    ]);
  });

  it('is judged once however often somebody asks, and not once it was judged', async () => {
    const { app, id } = await unreadable();
    const { body } = await judgeAgain(app, id);
    expect(await judgeAgain(app, id)).toEqual({ status: 200, body: { ...body, started: false } });
    await app.runMinutes(5);
    expect((await judgeAgain(app, body.retrainingId)).status).toBe(409);
    expect(app.training.registrations).toHaveLength(1);
  });

  it('whose metrics stay away can be judged a third time', async () => {
    const { app, id } = await unreadable();
    app.training.failures.set('readRun', 10_000);
    const second = await judgeAgain(app, id);
    await app.runMinutes(400);
    expect(await lastOf(app, second.body.retrainingId)).toMatchObject({ phase: 'metrics-unreadable' });
    app.training.failures.clear();
    const third = await judgeAgain(app, second.body.retrainingId);
    await app.runMinutes(5);
    expect(await lastOf(app, third.body.retrainingId)).toMatchObject({ phase: 'registered' });
    expect(app.training.submitted).toHaveLength(1);
  });

  it('is not judged against another champion than the one that it measured', async () => {
    const { app, id } = await unreadable();
    for (const [name, deployment] of app.azure.deployments) {
      const spec = { ...deployment.spec, version: '9' as ModelVersion };
      app.azure.deployments.set(name, { ...deployment, spec });
    }
    const { body } = await judgeAgain(app, id);
    await app.runMinutes(5);
    expect(await lastOf(app, body.retrainingId)).toMatchObject({
      phase: 'ignored',
      reason: expect.stringMatching(/measured against version \S+, and version 9 serves now: retrain instead/),
    });
    expect(app.training.registrations).toEqual([]);
  });

  it('is told apart from what was never unreadable, and from what nobody knows', async () => {
    const app = await openVirtualApp();
    const id = await start(app);
    await app.runMinutes(1);
    expect((await judgeAgain(app, id)).status).toBe(409);
    expect((await judgeAgain(app, 'retrain.flights.air-time.0000000000000000')).status).toBe(404);
    expect((await judgeAgain(app, 'rollout')).status).toBe(404);
  });
});
