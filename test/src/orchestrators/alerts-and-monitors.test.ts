/** Latency alerts during a rollout, and the model monitor that follows a promotion, on the real durable-functions engine in virtual time. */
import { describe, expect, it } from 'vitest';
import type { RolloutRecord } from '../../../src/domain/audit/record.ts';
import type { DeploymentName, EndpointName } from '../../../src/domain/ids/names.ts';
import { isFinal } from '../../../src/domain/rollout/phase.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { openVirtualApp, type VirtualApp } from './virtual-app.ts';

const ended = (trail: readonly RolloutRecord[]) => trail.some(({ phase }) => isFinal(phase));
const in_ = (phase: string) => (trail: readonly RolloutRecord[]) => trail.at(-1)?.phase === phase;
const calls = (trail: readonly RolloutRecord[]) => trail.filter(({ kind }) => kind === 'operator-needed');
const quick = aPolicy({ approval: null });

async function alarm(app: VirtualApp, rolloutId: string, slow: { green: number; blue: number }, ageMinutes = 0) {
  const green = (await app.audit.listRollout(rolloutId)).at(-1)?.green as DeploymentName;
  await app.post(rolloutId, {
    type: 'latency-alert',
    by: 'ep-p95',
    reason: 'slow',
    alert: {
      rule: 'ep-p95',
      endpoint: 'flights' as EndpointName,
      metric: 'RequestLatency_P95',
      operator: 'GreaterThan',
      thresholdMs: 250,
      firedAtIso: new Date(app.clock.nowMs() - ageMinutes * 60_000).toISOString(),
      readings: [
        { deployment: green, value: slow.green },
        { deployment: app.azure.blue as DeploymentName, value: slow.blue },
      ],
    },
  });
}

describe('a latency alert', () => {
  it.each(['watching', 'baking'])('about green alone rolls back while %s', async (phase) => {
    const app = await openVirtualApp();
    const id = await app.start(quick, '2');
    await app.until(id, in_(phase));
    await app.runMinutes(1);
    await alarm(app, id, { green: 412, blue: 80 });
    const trail = await app.until(id, ended);
    expect(trail.at(-1)).toMatchObject({ phase: 'rolled-back', code: 'latency-alert' });
    expect(trail.some(({ actor, reason }) => actor === 'ep-p95' && reason.includes('412 ms'))).toBe(true);
    expect(app.azure.split.traffic).toEqual({ [app.azure.blue]: 100 });
    await app.runMinutes(1);
    expect(app.azure.versions.get('2')?.tags).toMatchObject({ 'slipway-status': 'rejected' });
  });

  it('about both holds the rollout and calls a person; it goes on when somebody resumes it', async () => {
    const app = await openVirtualApp();
    const id = await app.start(quick, '2');
    await app.until(id, in_('baking'));
    await alarm(app, id, { green: 412, blue: 400 });
    const held = await app.until(id, (trail) => calls(trail).length === 1);
    expect(held.at(-1)).toMatchObject({ phase: 'baking', reason: expect.stringContaining('is slow as well') });
    expect(app.published.at(-1)).toMatchObject({ type: 'Slipway.Rollout.OperatorNeeded' });
    await app.runMinutes(60);
    expect((await app.audit.listRollout(id)).at(-1)?.phase).toBe('baking');
    await app.post(id, { type: 'resume', by: 'ada', reason: 'The network was slow.' });
    expect((await app.until(id, ended)).at(-1)?.phase).toBe('promoted');
  });

  it('that fired before the present step began does not roll back', async () => {
    const app = await openVirtualApp();
    const id = await app.start(quick, '2');
    await app.until(id, in_('watching'));
    await alarm(app, id, { green: 412, blue: 80 }, 30);
    const trail = await app.until(id, (all) => calls(all).length === 1);
    expect(trail.at(-1)).toMatchObject({ phase: 'watching', reason: expect.stringContaining('before') });
  });

  it('of a rule that fired for each deployment calls a person once', async () => {
    const app = await openVirtualApp();
    const id = await app.start(quick, '2');
    await app.until(id, in_('watching'));
    await alarm(app, id, { green: 80, blue: 400 });
    await alarm(app, id, { green: 80, blue: 400 });
    const trail = await app.until(id, (all) => all.at(-1)?.kind === 'command-refused');
    expect(calls(trail)).toHaveLength(1);
    expect(trail.at(-1)?.reason).toBe('The rollout stands still because of ep-p95 already.');
    expect(trail.filter(({ phase }) => phase === 'rolling-back')).toEqual([]);
    expect(await app.control.view(id)).toMatchObject({ status: 'active' });
  });
});

describe('the model monitor', () => {
  const watched = aPolicy({ approval: null, monitor: { schedule: 'flights-monitor', reference: 'training-data' } });

  it('follows a promotion to green, with the data that green was trained on, before blue goes', async () => {
    const app = await openVirtualApp();
    const version = app.azure.versions.get('2');
    if (version) app.azure.versions.set('2', { ...version, tags: { 'slipway.data': 'azureml:flights-rows:3' } });
    const id = await app.start(watched, '2');
    await app.until(id, in_('retiring'));
    await app.runMinutes(0.2);
    expect(app.azure.deletions).toEqual([]);
    const trail = await app.until(id, ended);
    expect(trail.at(-1)?.phase).toBe('promoted');
    expect(app.monitors.watching).toEqual({
      schedule: 'flights-monitor',
      endpoint: 'flights',
      deployment: trail[0]?.green,
      reference: 'azureml:flights-rows:3',
    });
    expect(app.azure.deletions).toEqual([app.azure.blue]);
  });

  it('of a version that names no data keeps what it compares with', async () => {
    const app = await openVirtualApp();
    await app.until(await app.start(watched, '2'), ended);
    expect(app.monitors.watching).toMatchObject({ reference: null });
  });

  it('that cannot be moved calls a person and never undoes the promotion', async () => {
    const app = await openVirtualApp();
    app.monitors.script.push({ kind: 'refused', reason: 'Schedule flights-monitor does not exist.' });
    const trail = await app.until(await app.start(watched, '2'), ended);
    expect(trail.at(-1)?.phase).toBe('promoted');
    expect(calls(trail)).toMatchObject([
      { phase: 'retiring', reason: expect.stringContaining('move the monitor by hand') },
    ]);
    expect(app.monitors.moves).toHaveLength(1);
  });

  it('is tried again while Azure is busy or away, for a bounded time', async () => {
    const app = await openVirtualApp();
    app.monitors.script.push({ kind: 'busy', reason: 'An operation runs.' }, new Error('Azure is away.'));
    const trail = await app.until(await app.start(watched, '2'), ended);
    expect(calls(trail)).toEqual([]);
    expect(app.monitors.watching).not.toBeNull();
    const stuck = await openVirtualApp();
    stuck.monitors.script.push(...Array.from({ length: 500 }, () => ({ kind: 'busy', reason: 'Updating.' }) as const));
    const late = await stuck.until(await stuck.start(watched, '2'), ended);
    expect(late.at(-1)?.phase).toBe('promoted');
    expect(calls(late)).toHaveLength(1);
  });

  it('stays where it is when the rollout is rolled back', async () => {
    const app = await openVirtualApp();
    const id = await app.start(watched, '2');
    await app.until(id, in_('watching'));
    await app.post(id, { type: 'abort', by: 'ada', reason: 'no' });
    await app.until(id, ended);
    expect(app.monitors.moves).toEqual([]);
  });
});
