/** Retrainings while calls fail, replies get lost and jobs take long: a clear end, and nothing paid twice. */
import { describe, expect, it } from 'vitest';
import { openVirtualApp } from './virtual-app.ts';
import { endJobs, HTTP, lastOf, start } from './virtual-retraining.ts';

describe('failures', () => {
  it.each(['submit', 'read', 'inspect', 'resolve', 'readRun', 'register'])(
    'a lost reply of %s is made up for: nothing is paid or registered twice',
    async (method) => {
      const app = await openVirtualApp();
      app.training.failures.set(method, 6);
      const id = await start(app);
      await app.runMinutes(10);
      endJobs(app, 'completed');
      await app.runMinutes(15);
      expect(await lastOf(app, id)).toMatchObject({ phase: 'registered', version: '7' });
      expect(app.training.submitted).toHaveLength(1);
      expect(app.training.registrations).toHaveLength(1);
    },
  );

  it('a tracking server that stays away longer than the policy allows ends it as unreadable, and the cool-down stays', async () => {
    const app = await openVirtualApp();
    app.training.failures.set('readRun', 1000);
    const id = await start(app, { metricsTimeoutSeconds: 7200 });
    await app.runMinutes(1);
    endJobs(app, 'completed');
    await app.runMinutes(115);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'gating' });
    expect(1000 - (app.training.failures.get('readRun') ?? 0)).toBeLessThan(60);
    await app.runMinutes(10);
    expect(await lastOf(app, id)).toMatchObject({
      phase: 'metrics-unreadable',
      reason: expect.stringMatching(/tracking server was away.*connection reset/),
    });
    expect(app.training.registrations).toEqual([]);
    const next = await start(app, {}, { ...HTTP, reference: 'r2' });
    await app.runMinutes(1);
    expect(await lastOf(app, next)).toMatchObject({ phase: 'cooling-down' });
  });

  it('a tracking server that comes back after an hour lets the job that was paid for be judged', async () => {
    const app = await openVirtualApp();
    app.training.failures.set('readRun', 1000);
    const id = await start(app);
    await app.runMinutes(1);
    endJobs(app, 'completed');
    await app.runMinutes(60);
    app.training.failures.clear();
    await app.runMinutes(16);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'registered' });
    expect(app.training.submitted).toHaveLength(1);
  });

  it('a job that cannot be read any more is canceled before the retraining ends', async () => {
    const app = await openVirtualApp();
    const id = await start(app);
    await app.runMinutes(1);
    app.training.failures.set('read', 1000);
    await app.runMinutes(55);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'training' });
    await app.runMinutes(10);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'canceling' });
    app.training.failures.clear();
    await app.runMinutes(5);
    expect(app.training.cancellations.length).toBeGreaterThan(0);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'job-failed' });
  });

  it('a job that cannot be looked at for half an hour is not thrown away: it is paid for', async () => {
    const app = await openVirtualApp();
    const id = await start(app);
    await app.runMinutes(1);
    app.training.failures.set('read', 1000);
    await app.runMinutes(30);
    app.training.failures.clear();
    endJobs(app, 'completed');
    await app.runMinutes(17);
    expect(app.training.cancellations).toEqual([]);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'registered' });
  });

  it('a registry that is away for an hour costs an hour, not the version', async () => {
    const app = await openVirtualApp();
    const id = await start(app);
    await app.runMinutes(1);
    const register = app.training.register.bind(app.training);
    app.training.register = async () => {
      throw new Error('HTTP 503');
    };
    endJobs(app, 'completed');
    await app.runMinutes(60);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'registering' });
    app.training.register = register;
    await app.runMinutes(16);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'registered', version: '7' });
  });

  it('without a champion nothing is trained', async () => {
    const app = await openVirtualApp();
    const id = await start(app, {}, HTTP, false, 'another-model');
    await app.runMinutes(1);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'ignored' });
    expect(app.training.submitted).toHaveLength(0);
  });

  it('a long job outlives many executions', async () => {
    const app = await openVirtualApp();
    const id = await start(app, { jobTimeoutSeconds: 6 * 3600, pollSeconds: 30 });
    await app.runMinutes(90);
    endJobs(app, 'completed');
    await app.runMinutes(3);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'registered' });
  });
});
