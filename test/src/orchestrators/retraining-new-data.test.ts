/** New data that comes while its model is busy or cools down: it waits for its turn, one retraining is enough, and nobody has to send it again. */
import { describe, expect, it } from 'vitest';
import type { RetrainingTrigger } from '../../../src/domain/retraining/state.ts';
import { openVirtualApp, type VirtualApp } from './virtual-app.ts';
import { endJobs, HTTP, lastOf, phases, start } from './virtual-retraining.ts';

const TWO_HOURS = { coolDownSeconds: 7200 };

function newData(reference: string): RetrainingTrigger {
  return { kind: 'new-data', reference, sentence: `New data came: ${reference}.` };
}

/** One retraining whose job has just been submitted. */
async function withRunningJob(): Promise<VirtualApp> {
  const app = await openVirtualApp();
  await start(app, TWO_HOURS);
  await app.runMinutes(2);
  expect(app.training.submitted).toHaveLength(1);
  app.training.latestData = '4';
  return app;
}

describe('new data', () => {
  it('that comes while a job runs is trained on when the cool-down is over, without another event', async () => {
    const app = await withRunningJob();
    const waiting = await start(app, TWO_HOURS, newData('b1'));
    await app.runMinutes(1);
    expect(await lastOf(app, waiting)).toMatchObject({
      phase: 'waiting',
      reason: expect.stringContaining('the end of'),
    });
    endJobs(app, 'completed');
    await app.runMinutes(100);
    expect(app.training.submitted).toHaveLength(1);
    expect(await app.control.view(waiting)).toMatchObject({
      customStatus: { note: expect.stringContaining('waits until 2026-03-01T14:00') },
    });
    await app.runMinutes(20);
    expect(app.training.submitted).toHaveLength(2);
    endJobs(app, 'completed');
    await app.runMinutes(2);
    expect(await phases(app, waiting)).toEqual([
      'waiting',
      'validating',
      'submitting',
      'training',
      'gating',
      'registering',
      'registered',
    ]);
  });

  it('whose version was judged meanwhile is not paid for a second time', async () => {
    const app = await withRunningJob();
    app.training.latestData = '3';
    const waiting = await start(app, TWO_HOURS, newData('b1'));
    await app.runMinutes(1);
    endJobs(app, 'completed');
    await app.runMinutes(125);
    expect(app.training.submitted).toHaveLength(1);
    expect(await lastOf(app, waiting)).toMatchObject({
      phase: 'ignored',
      reason: 'azureml:flights:3 was trained on already, and nothing newer has come.',
    });
  });

  it('that comes often waits once: the newest counts', async () => {
    const app = await withRunningJob();
    const ids: string[] = [];
    for (const reference of ['b1', 'b2', 'b3']) {
      ids.push(await start(app, TWO_HOURS, newData(reference)));
      await app.runMinutes(2);
    }
    endJobs(app, 'completed');
    await app.runMinutes(125);
    expect(app.training.submitted).toHaveLength(2);
    const [first = '', second = '', third = ''] = ids;
    for (const older of [first, second]) {
      expect(await lastOf(app, older)).toMatchObject({
        phase: 'cooling-down',
        reason: expect.stringContaining('Newer data waits in its place'),
      });
    }
    expect(await lastOf(app, third)).toMatchObject({ phase: 'training' });
  });

  it('that the running job was given already is not trained on again', async () => {
    const app = await openVirtualApp();
    app.training.failures.set('inspect', 6);
    const first = await start(app, TWO_HOURS);
    await app.runMinutes(0.5);
    const second = await start(app, TWO_HOURS, newData('b1'));
    await app.runMinutes(5);
    expect(await lastOf(app, second)).toMatchObject({
      phase: 'cooling-down',
      reason: `${first} trained on data that was looked at after this had come.`,
    });
    endJobs(app, 'completed');
    await app.runMinutes(180);
    expect(app.training.submitted).toHaveLength(1);
  });

  it('that comes while an unfit data set is looked at is not held up by it', async () => {
    const app = await openVirtualApp();
    app.training.failures.set('inspect', 6);
    app.training.report = { ...app.training.report, rows: 10 };
    const refused = await start(app, TWO_HOURS, newData('b1'));
    await app.runMinutes(0.5);
    const waiting = await start(app, TWO_HOURS, newData('b2'));
    await app.runMinutes(0.75);
    expect(await lastOf(app, refused)).toMatchObject({ phase: 'data-refused' });
    app.training.report = { ...app.training.report, rows: 20_000 };
    await app.runMinutes(3);
    expect(await lastOf(app, waiting)).toMatchObject({ phase: 'training' });
  });

  it('outlives the host while it waits', async () => {
    const first = await withRunningJob();
    const waiting = await start(first, TWO_HOURS, newData('b1'));
    await first.runMinutes(1);
    await first.host.stop();
    const second = await openVirtualApp({ store: first.store, startMs: first.clock.nowMs() });
    second.training.latestData = '4';
    for (const job of first.training.submitted) await second.training.submit(job);
    endJobs(second, 'completed');
    await second.runMinutes(125);
    expect(await statusOf(second, waiting)).toMatchObject({ phase: 'training' });
    expect(second.training.submitted).toHaveLength(2);
  });

  it('that comes while storage is away for an hour is trained on when it is back', async () => {
    const app = await openVirtualApp();
    app.training.failures.set('inspect', 1000);
    const id = await start(app, TWO_HOURS, newData('b1'));
    await app.runMinutes(60);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'validating' });
    app.training.failures.clear();
    await app.runMinutes(17);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'training' });
  });

  it('that waits is dropped when an operator aborts it; the running job goes on', async () => {
    const app = await withRunningJob();
    const waiting = await start(app, TWO_HOURS, newData('b1'));
    await app.runMinutes(1);
    const abort = { retrainingId: waiting, by: 'ada', reason: 'a mistaken upload' };
    await app.control.abortRetraining('flights', 'air-time', abort);
    await app.control.wake(waiting);
    await app.runMinutes(1);
    expect(await lastOf(app, waiting)).toMatchObject({ phase: 'aborted', actor: 'ada' });
    expect(app.training.cancellations).toEqual([]);
    endJobs(app, 'completed');
    await app.runMinutes(130);
    expect(app.training.submitted).toHaveLength(1);
  });

  it('waits for nobody else: a person who asks meanwhile is told at once', async () => {
    const app = await withRunningJob();
    await start(app, TWO_HOURS, newData('b1'));
    const asked = await start(app, TWO_HOURS, { ...HTTP, reference: 'r2' });
    await app.runMinutes(1);
    expect(await phases(app, asked)).toEqual(['cooling-down']);
  });
});

/** The audit trail stayed with the first host. */
async function statusOf(app: VirtualApp, id: string) {
  return (await app.control.view(id)).customStatus;
}
