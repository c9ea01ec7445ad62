/** Jobs that Azure does not take, or whose retraining is gone: nothing is left running, and only what was paid for counts. */
import { describe, expect, it } from 'vitest';
import { createPolicies } from '../../../src/domain/policy/policies.ts';
import type { RetrainingPolicy } from '../../../src/domain/policy/retraining-policy.ts';
import { createWatchRetrainings } from '../../../src/functions/timers/watch-retrainings.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { aRetrainingPolicy } from '../domain/a-retraining-policy.ts';
import { createManagedClient } from './managed-client.ts';
import { openVirtualApp, type VirtualApp } from './virtual-app.ts';
import { endJobs, HTTP, lastOf, phases, start } from './virtual-retraining.ts';

const NEXT = { ...HTTP, reference: 'next' };

async function startNext(app: VirtualApp, changes: Partial<RetrainingPolicy> = {}): Promise<string> {
  const id = await start(app, changes, NEXT);
  await app.runMinutes(2);
  return id;
}

describe('a job that Azure ML refuses', () => {
  it('costs nothing: the next occasion is not held up by a cool-down', async () => {
    const app = await openVirtualApp();
    app.training.refusal = 'There is no compute of that name.';
    const id = await start(app);
    await app.runMinutes(3);
    expect(await phases(app, id)).toEqual(['validating', 'submitting', 'canceling', 'job-failed']);
    expect(await lastOf(app, id)).toMatchObject({
      job: null,
      reason: expect.stringMatching(/refused the job: There is no compute of that name\..*no cool-down begins/),
    });
    app.training.refusal = null;
    expect(await lastOf(app, await startNext(app))).toMatchObject({ phase: 'training' });
  });

  it('but that exists after all, because an answer was lost, is canceled and has been paid for', async () => {
    const app = await openVirtualApp();
    app.training.refusal = 'The service is confused.';
    const id = await start(app);
    await app.runMinutes(0.5);
    app.training.states.set(jobNameOf(id), 'running');
    await app.runMinutes(3);
    expect(app.training.cancellations).toEqual([jobNameOf(id)]);
    expect(await lastOf(app, id)).toMatchObject({
      phase: 'job-failed',
      reason: expect.stringContaining('The job is canceled'),
    });
    app.training.refusal = null;
    expect(await phases(app, await startNext(app))).toEqual(['cooling-down']);
  });

  it('is not given up for good while nobody can look whether it exists', async () => {
    const app = await openVirtualApp();
    app.training.refusal = 'There is no compute of that name.';
    app.training.failures.set('read', 100);
    const id = await start(app);
    await app.runMinutes(15);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'canceling' });
    app.training.failures.clear();
    await app.runMinutes(2);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'job-failed' });
    app.training.refusal = null;
    expect(await lastOf(app, await startNext(app))).toMatchObject({ phase: 'training' });
  });

  it('because Azure ML stays busy for too long costs nothing either', async () => {
    const app = await openVirtualApp();
    const submit = app.training.submit.bind(app.training);
    app.training.submit = async () => ({ kind: 'busy', reason: 'Another operation runs.' });
    await start(app, { jobTimeoutSeconds: 300 });
    await app.runMinutes(10);
    app.training.submit = submit;
    expect(await lastOf(app, await startNext(app))).toMatchObject({ phase: 'training' });
  });

  it('and an operator aborts meanwhile, gives the cool-down back as well', async () => {
    const app = await openVirtualApp();
    const submit = app.training.submit.bind(app.training);
    app.training.submit = async () => ({ kind: 'busy', reason: 'Another operation runs.' });
    const id = await start(app);
    await app.runMinutes(2);
    await app.control.abortRetraining('flights', 'air-time', { retrainingId: id, by: 'ada', reason: 'too late' });
    await app.control.wake(id);
    await app.runMinutes(3);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'aborted', actor: 'ada' });
    app.training.submit = submit;
    expect(await lastOf(app, await startNext(app))).toMatchObject({ phase: 'training' });
  });
});

describe('a job that was taken', () => {
  it.each([
    [20, 'registered'],
    [600, 'job-failed'],
  ])('and is not to be seen for %s s leads to %s', async (seconds, phase) => {
    const app = await openVirtualApp();
    const read = app.training.read.bind(app.training);
    app.training.read = async () => null;
    const id = await start(app, { pollSeconds: 10 });
    await app.runMinutes(seconds / 60);
    app.training.read = read;
    endJobs(app, 'completed');
    await app.runMinutes(2);
    expect(await lastOf(app, id)).toMatchObject({ phase });
  });
});

describe('a retraining that somebody terminated', () => {
  const policies = createPolicies([aPolicy({ retrain: aRetrainingPolicy() })]);

  async function terminated(): Promise<{ app: VirtualApp; id: string; watch: () => Promise<readonly string[]> }> {
    const app = await openVirtualApp();
    const id = await start(app);
    await app.runMinutes(2);
    await createManagedClient(app.host).terminate(id, 'by hand');
    await app.runMinutes(1);
    const watch = createWatchRetrainings(app, policies);
    return { app, id, watch: () => watch(app.control, () => undefined) };
  }

  it('has its job canceled and its model given back, and the audit says so', async () => {
    const { app, id, watch } = await terminated();
    expect(await app.control.view(id)).toMatchObject({ status: 'terminated' });
    expect(await watch()).toEqual([`recover.${id}.1`]);
    expect(await watch()).toEqual([]);
    await app.runMinutes(3);
    expect(app.training.cancellations).toEqual([jobNameOf(id)]);
    expect(await lastOf(app, id)).toMatchObject({
      phase: 'aborted',
      actor: 'watchdog',
      reason: expect.stringMatching(/is gone \(terminated\).*The job is canceled/),
    });
    expect(await watch()).toEqual([]);
    const next = await start(app, {}, NEXT, true);
    await app.runMinutes(2);
    expect(await lastOf(app, next)).toMatchObject({ phase: 'training' });
  });

  it('while its job completed is not registered', async () => {
    const { app, id, watch } = await terminated();
    endJobs(app, 'completed');
    await watch();
    await app.runMinutes(3);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'aborted' });
    expect(app.training.registrations).toEqual([]);
  });

  it('is left alone while it runs', async () => {
    const app = await openVirtualApp();
    await start(app);
    await app.runMinutes(2);
    expect(await createWatchRetrainings(app, policies)(app.control, () => undefined)).toEqual([]);
  });
});

function jobNameOf(retrainingId: string): string {
  return `slipway-air-time-${retrainingId.split('.').at(-1)}`;
}
