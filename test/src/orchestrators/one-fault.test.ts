/** Exactly one activity that fails, just often enough to be ridden out, and once more than that. */
import { describe, expect, it } from 'vitest';
import type { ActivityName } from '../../../src/contracts/activities.ts';
import type { RolloutRecord } from '../../../src/domain/audit/record.ts';
import { isFinal } from '../../../src/domain/rollout/phase.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { openVirtualApp } from './virtual-app.ts';

/** Three ticks of four attempts. */
const MAX_CALLS = 12;
const ended = (trail: readonly RolloutRecord[]) => trail.some(({ phase }) => isFinal(phase));

async function rolloutWith(name: ActivityName, failures: number) {
  const app = await openVirtualApp();
  app.faults.set(name, failures);
  const id = await app.start(aPolicy({ approval: null }), '2');
  const trail = await app.until(id, ended);
  await app.runMinutes(2);
  return { app, trail, id, calls: app.calls.filter((call) => call.name === name).length };
}

/** The phase in which each activity is called for the first time. */
const FIRST_CALLED = [
  ['assessVersion', 'queued'],
  ['takeSnapshot', 'preparing'],
  ['createGreen', 'deploying'],
  ['smokeTest', 'smoke-testing'],
  ['readTraffic', 'shadowing'],
  ['judgeTraffic', 'shadowing'],
] as const;

describe('an activity that fails', () => {
  it.each(FIRST_CALLED)('%s: the last of its attempts still counts, and the version goes live', async (name) => {
    const { app, trail } = await rolloutWith(name, MAX_CALLS - 1);
    expect(trail.map(({ phase }) => phase).slice(-2)).toEqual(['retiring', 'promoted']);
    expect(Object.values(app.azure.split.traffic)).toEqual([100]);
    expect(app.azure.deletions).toEqual([app.azure.blue]);
  });

  it.each(FIRST_CALLED)('%s: one failure more ends the rollout in phase %s with the cause', async (name, phase) => {
    const { app, trail, calls, id } = await rolloutWith(name, MAX_CALLS);
    expect(calls).toBe(MAX_CALLS);
    expect(trail.at(-1)).toMatchObject({
      phase: 'rolled-back',
      code: 'activity-failed',
      reason: expect.stringContaining(`Phase ${phase} failed: Activity function '${name}' failed`),
    });
    expect(app.azure.split).toEqual({ traffic: { [app.azure.blue]: 100 }, mirror: {} });
    expect([...app.azure.deployments.keys()]).toEqual([app.azure.blue]);
    expect(await app.control.view(id)).toMatchObject({ status: 'completed', output: { outcome: 'rolled-back' } });
    expect(await app.control.readLane('flights' as never)).toMatchObject({ holder: null });
  });

  it('shiftTraffic: after one failure more the old split is put back as soon as it works again', async () => {
    const { app, trail } = await rolloutWith('shiftTraffic', MAX_CALLS + 20);
    expect(trail.at(-1)).toMatchObject({ phase: 'rolled-back', code: 'activity-failed' });
    expect(app.azure.split).toEqual({ traffic: { [app.azure.blue]: 100 }, mirror: {} });
  });

  it('deleteDeployment: a person is called, and the promoted version goes on serving', async () => {
    const { app, trail } = await rolloutWith('deleteDeployment', 100);
    expect(trail.at(-1)?.phase).toBe('promoted');
    expect(trail.filter(({ kind }) => kind === 'operator-needed')).toHaveLength(1);
    expect(app.azure.deletions).toEqual([app.azure.blue]);
  });

  it('tagVersion: the version is live all the same', async () => {
    const { app, trail, calls } = await rolloutWith('tagVersion', 100);
    expect(trail.at(-1)?.phase).toBe('promoted');
    expect(calls).toBe(4);
    expect(app.azure.versions.get('2')?.tags).toEqual({});
  });
});
