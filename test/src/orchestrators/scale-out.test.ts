/** Adding an instance on the real durable-functions engine, in virtual time: limits, rollouts in the way, trouble. */
import { describe, expect, it } from 'vitest';
import { SCALE_OUT_ORCHESTRATOR } from '../../../src/contracts/names.ts';
import { type ScaleOutRequest, scaleOutIdOf } from '../../../src/domain/alerts/scale-out.ts';
import type { DeploymentName, EndpointName } from '../../../src/domain/ids/names.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { openVirtualApp, type VirtualApp } from './virtual-app.ts';

const FLIGHTS = 'flights' as EndpointName;

async function start(app: VirtualApp, changes: Partial<ScaleOutRequest> = {}): Promise<string> {
  const request: ScaleOutRequest = {
    scaleOutId: scaleOutIdOf(FLIGHTS, 'alert.1'),
    endpoint: FLIGHTS,
    deployment: app.azure.blue as DeploymentName,
    maxInstanceCount: 5,
    reason: 'Slow.',
    requestedAtIso: new Date(app.clock.nowMs()).toISOString(),
    ...changes,
  };
  await app.control.startOnce(SCALE_OUT_ORCHESTRATOR, request.scaleOutId, request);
  return request.scaleOutId;
}

const instancesOf = (app: VirtualApp) => app.azure.deployments.get(app.azure.blue)?.spec.instanceCount;
const told = (app: VirtualApp) => app.published.map(({ data }) => String(data.reason));

describe('scaling out', () => {
  it('adds one instance, gives the lane back and tells people', async () => {
    const app = await openVirtualApp();
    const id = await start(app);
    await app.runMinutes(2);
    expect(instancesOf(app)).toBe(4);
    expect(app.scaling.asked).toEqual([{ deployment: app.azure.blue, instanceCount: 4 }]);
    expect(await app.control.view(id)).toMatchObject({ status: 'completed' });
    expect(await app.control.readLane(FLIGHTS)).toMatchObject({ holder: null, waiting: [] });
    expect(told(app)).toEqual([expect.stringContaining('has 4 instances now')]);
  });

  it('stops at the limit of the policy', async () => {
    const app = await openVirtualApp();
    await start(app, { maxInstanceCount: 3 });
    await app.runMinutes(1);
    expect(app.scaling.asked).toEqual([]);
    expect(told(app)).toEqual([expect.stringContaining('the most that the policy allows')]);
  });

  it('steps back when a rollout holds the endpoint, and leaves no trace in its lane', async () => {
    const app = await openVirtualApp();
    const rolloutId = await app.start(aPolicy({ approval: null }), '2');
    await app.until(rolloutId, (trail) => trail.at(-1)?.phase === 'watching');
    await start(app);
    await app.runMinutes(1);
    expect(app.scaling.asked).toEqual([]);
    expect(await app.control.readLane(FLIGHTS)).toMatchObject({
      holder: { kind: 'rollout', id: rolloutId },
      waiting: [],
    });
  });

  it('while it runs lets a rollout wait, which then goes on', async () => {
    const app = await openVirtualApp();
    app.scaling.script.push(
      { kind: 'busy', reason: 'Another operation.' },
      { kind: 'busy', reason: 'Another operation.' },
    );
    await start(app);
    await app.runMinutes(0.1);
    const rolloutId = await app.start(aPolicy({ approval: null }), '2');
    const trail = await app.until(rolloutId, (all) => all.at(-1)?.phase === 'deploying');
    expect(trail.length).toBeGreaterThan(0);
    expect(instancesOf(app)).toBe(4);
  });

  it.each([
    ['refuses', { kind: 'refused', reason: 'No quota.' } as const, 'No quota.'],
    ['is away for long', new Error('Azure is away.'), 'could not be scaled out'],
  ])('tells people when Azure %s, and gives the lane back', async (_what, answer, why) => {
    const app = await openVirtualApp();
    app.scaling.script.push(...Array.from({ length: 4 }, () => answer));
    await start(app);
    await app.runMinutes(2);
    expect(told(app)).toEqual([expect.stringContaining(why)]);
    expect(await app.control.readLane(FLIGHTS)).toMatchObject({ holder: null });
  });

  it('of a deployment that is gone tells so', async () => {
    const app = await openVirtualApp();
    await start(app, { deployment: 'absent' as DeploymentName });
    await app.runMinutes(1);
    expect(told(app)).toEqual([expect.stringContaining('not there any more')]);
  });
});
