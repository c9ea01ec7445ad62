/** Retrainings while people cannot be told, Azure ML stays busy, a job ends in the last moment, or the host dies: nothing is lost. */
import { describe, expect, it } from 'vitest';
import type { WriteOutcome } from '../../../src/ports/model-platform.ts';
import { openVirtualApp, type VirtualApp } from './virtual-app.ts';
import { endJobs, lastOf, phases, start } from './virtual-retraining.ts';

const BUSY: WriteOutcome = { kind: 'busy', reason: 'Another operation runs.' };

async function viewOf(app: VirtualApp, id: string) {
  return app.control.view(id);
}

describe('while the event topic is away', () => {
  it('a retraining waits with its next phase, and then tells each phase once', async () => {
    const app = await openVirtualApp();
    app.publisher.failures = 40;
    const id = await start(app);
    await app.runMinutes(5);
    expect(app.training.submitted).toEqual([]);
    await app.runMinutes(15);
    endJobs(app, 'completed');
    await app.runMinutes(5);
    expect((await phases(app, id)).at(-1)).toBe('registered');
    const ids = app.published.map((event) => event.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength((await phases(app, id)).length);
  });

  it('for long, a job that was paid for is still taken to its end', async () => {
    const app = await openVirtualApp();
    const id = await start(app);
    await app.runMinutes(1);
    app.publisher.failures = Number.POSITIVE_INFINITY;
    endJobs(app, 'completed');
    await app.runMinutes(90);
    expect(app.training.registrations).toHaveLength(1);
    expect(await viewOf(app, id)).toMatchObject({ status: 'completed', output: { outcome: 'registered' } });
  });
});

describe('an Azure ML that stays busy', () => {
  it('gets the job as soon as it takes it', async () => {
    const app = await openVirtualApp();
    const submit = app.training.submit.bind(app.training);
    app.training.submit = async () => BUSY;
    const id = await start(app);
    await app.runMinutes(10);
    expect((await phases(app, id)).at(-1)).toBe('submitting');
    app.training.submit = submit;
    await app.runMinutes(2);
    expect((await phases(app, id)).at(-1)).toBe('training');
  });

  it('ends the retraining after the time of a job', async () => {
    const app = await openVirtualApp();
    app.training.submit = async () => BUSY;
    const id = await start(app);
    await app.runMinutes(65);
    expect(await lastOf(app, id)).toMatchObject({
      phase: 'job-failed',
      reason: expect.stringContaining('took no job for 3600 s: Another operation runs.'),
    });
  });
});

describe('a job that is canceled for its time', () => {
  it('and completes all the same is judged: it was paid for', async () => {
    const app = await openVirtualApp();
    app.training.cancel = async () => {
      endJobs(app, 'completed');
      return { kind: 'accepted' };
    };
    const id = await start(app);
    await app.runMinutes(65);
    expect((await phases(app, id)).slice(-4)).toEqual(['canceling', 'gating', 'registering', 'registered']);
  });

  it('is asked to end again and again until it does', async () => {
    const app = await openVirtualApp();
    let asked = 0;
    app.training.cancel = async (name) => {
      asked += 1;
      if (asked === 5) app.training.states.set(name, 'canceled');
      return asked < 3 ? BUSY : { kind: 'accepted' };
    };
    const id = await start(app);
    await app.runMinutes(75);
    expect(asked).toBe(5);
    expect(await lastOf(app, id)).toMatchObject({
      phase: 'job-failed',
      reason: expect.stringContaining('The job is canceled.'),
    });
  });
});

describe('a host that dies', () => {
  it.each([0.1, 3, 7])('after %s minutes leaves a retraining that the next host finishes', async (minutes) => {
    const first = await openVirtualApp();
    const id = await start(first);
    await first.runMinutes(minutes);
    await first.host.stop();
    const second = await openVirtualApp({ store: first.store, startMs: first.clock.nowMs() });
    for (const job of first.training.submitted) await second.training.submit(job);
    await second.runMinutes(3);
    endJobs(second, 'completed');
    await second.runMinutes(3);
    expect(await viewOf(second, id)).toMatchObject({ status: 'completed', output: { outcome: 'registered' } });
    expect(second.training.submitted).toHaveLength(1);
    expect(second.training.registrations).toHaveLength(1);
  });
});
