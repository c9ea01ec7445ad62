/** The composed app from the outside: an event comes in, people ask and steer over HTTP, timers run; all over ports in memory. */
import { HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { MODEL_REGISTERED } from '../../../src/contracts/model-registered-event.ts';
import { workspaceIdOf } from '../../../src/domain/ids/workspace-id.ts';
import { createPolicies } from '../../../src/domain/policy/policies.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { SETTINGS } from '../fakes/in-memory-ports.ts';
import { openVirtualApp, type VirtualApp } from './virtual-app.ts';

const ID = 'rollout.flights.air-time.2.1';

function registered(version: string, timeMs: number) {
  return {
    id: `event-${version}`,
    topic: workspaceIdOf(SETTINGS),
    subject: `models/air-time:${version}`,
    eventType: MODEL_REGISTERED,
    eventTime: new Date(timeMs).toISOString(),
    data: { ModelName: 'air-time', ModelVersion: version },
  };
}

async function requestFor(app: VirtualApp, params: Record<string, string>, body?: object): Promise<HttpRequest> {
  const expiresAtMs = app.clock.nowMs() + 3_600_000;
  const grant = { kind: 'operator', scopes: ['read', 'operate'] } as const;
  const token = await app.tokens.mint({ subject: 'ada', grant, expiresAtMs });
  const headers = { authorization: `Bearer ${token}` };
  const url = 'https://slipway.example/api/rollouts';
  if (body === undefined) return new HttpRequest({ method: 'GET', url, headers, params });
  return new HttpRequest({ method: 'POST', url, headers, params, body: { string: JSON.stringify(body) } });
}

async function given(): Promise<VirtualApp> {
  const app = await openVirtualApp({ policies: createPolicies([aPolicy({ approval: null })]) });
  const event = registered('2', app.clock.nowMs());
  expect(await app.app.events.onModelRegistered(event, app.control)).toMatchObject({ code: 'started', rolloutId: ID });
  return app;
}

describe('the composed app', () => {
  it('rolls a registered version out, and tells who asks', async () => {
    const app = await given();
    await app.until(ID, (trail) => trail.at(-1)?.phase === 'promoted');
    expect(app.azure.split.traffic).not.toHaveProperty(app.azure.blue);
    const reply = await app.app.http.api.getRollout(await requestFor(app, { id: ID }), app.control);
    expect(reply).toMatchObject({ status: 200, jsonBody: { rolloutId: ID, status: 'completed' } });
  });

  it('rolls back when a person aborts over HTTP', async () => {
    const app = await given();
    await app.until(ID, (trail) => trail.at(-1)?.phase === 'watching');
    const abort = await requestFor(app, { id: ID, command: 'abort' }, { reason: 'wrong data' });
    expect(await app.app.http.api.steerRollout(abort, app.control)).toMatchObject({ status: 202 });
    const trail = await app.until(ID, (all) => all.at(-1)?.phase === 'rolled-back');
    expect(trail.at(-1)).toMatchObject({ code: 'aborted' });
    expect(app.azure.split.traffic).toEqual({ [app.azure.blue]: 100 });
  });

  it('finds a version whose event was lost, and says so once', async () => {
    const app = await openVirtualApp({ startMs: Date.UTC(2026, 0, 2, 12), policies: createPolicies([aPolicy()]) });
    const said: string[] = [];
    const log = { log: (text: string) => said.push(text), warn: () => undefined, error: () => undefined };
    await app.app.timers.timers.pollModels(app.control, log);
    await app.app.timers.timers.pollModels(app.control, log);
    expect(said).toEqual([expect.stringContaining(`Started for versions whose event was lost: `)]);
    expect(said[0]).toContain(ID);
  });
});
