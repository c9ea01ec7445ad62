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

  it('a tracking server that stays away ends the retraining with a reason', async () => {
    const app = await openVirtualApp();
    app.training.failures.set('readRun', 1000);
    const id = await start(app);
    await app.runMinutes(1);
    endJobs(app, 'completed');
    await app.runMinutes(30);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'job-failed' });
    expect((await lastOf(app, id))?.reason).toContain('connection reset');
  });

  it('a job that cannot be read any more is canceled before the retraining ends', async () => {
    const app = await openVirtualApp();
    const id = await start(app);
    await app.runMinutes(1);
    app.training.failures.set('read', 45);
    await app.runMinutes(60);
    expect(app.training.cancellations.length).toBeGreaterThan(0);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'job-failed' });
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
