/** Whole retrainings on the real durable-functions engine, in virtual time, against a scripted Azure. */
import { describe, expect, it } from 'vitest';
import { aRetrainingPolicy } from '../domain/a-retraining-policy.ts';
import { BETTER } from '../fakes/scripted-training.ts';
import { openVirtualApp } from './virtual-app.ts';
import { DRIFT, endJobs, HTTP, lastOf, phases, start } from './virtual-retraining.ts';

describe('a retraining that somebody asked for', () => {
  it('checks the data, trains, passes the gate and registers with its lineage', async () => {
    const app = await openVirtualApp();
    const id = await start(app);
    await app.runMinutes(2);
    expect(await phases(app, id)).toEqual(['validating', 'submitting', 'training']);
    endJobs(app, 'completed');
    await app.runMinutes(2);
    expect(await phases(app, id)).toEqual([
      'validating',
      'submitting',
      'training',
      'gating',
      'registering',
      'registered',
    ]);
    const [job] = app.training.submitted;
    expect(job?.properties).toMatchObject({
      inputs: { data: { uri: 'azureml:flights:3' }, champion: { uri: 'azureml:air-time:1' } },
      tags: { team: 'flights', 'slipway.retraining': id },
    });
    expect(job?.name).toMatch(/^slipway-air-time-[0-9a-f]{16}$/);
    expect(app.training.registrations).toHaveLength(1);
    expect(app.training.registrations[0]).toMatchObject({
      version: '7',
      modelUri: `azureml://jobs/${job?.name}/outputs/model`,
      tags: {
        'scoring-code': '2',
        'slipway.job': job?.name,
        'slipway.data': 'azureml:flights:3',
        'slipway.champion': '1',
        'slipway.code-commit': 'abc123',
      },
    });
    expect(await app.control.view(id)).toMatchObject({
      status: 'completed',
      output: { outcome: 'registered', version: '7' },
    });
  });

  it('starts once, however often the same occasion comes', async () => {
    const app = await openVirtualApp();
    const id = await start(app);
    expect(await start(app)).toBe(id);
    await app.runMinutes(2);
    endJobs(app, 'completed');
    await app.runMinutes(2);
    expect(await start(app)).toBe(id);
    await app.runMinutes(2);
    expect(app.training.submitted).toHaveLength(1);
    expect(app.training.registrations).toHaveLength(1);
  });

  it('publishes each phase once and ends with an event of its own', async () => {
    const app = await openVirtualApp();
    await start(app);
    await app.runMinutes(1);
    endJobs(app, 'completed');
    await app.runMinutes(2);
    const ids = app.published.map((event) => event.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(app.published.at(-1)).toMatchObject({ type: 'Slipway.Retraining.Ended', data: { phase: 'registered' } });
  });
});

describe('one model is retrained by one at a time', () => {
  it('another occasion ends at once while one runs, and until the cool-down is over', async () => {
    const app = await openVirtualApp();
    await start(app);
    await app.runMinutes(2);
    const second = await start(app, {}, { ...HTTP, reference: 'r2' });
    await app.runMinutes(1);
    expect(await phases(app, second)).toEqual(['cooling-down']);
    endJobs(app, 'completed');
    await app.runMinutes(2);
    const third = await start(app, {}, { ...HTTP, reference: 'r3' });
    await app.runMinutes(1);
    expect((await lastOf(app, third))?.reason).toContain('until 2026-03-02T12:00');
    expect(app.training.submitted).toHaveLength(1);
  });

  it('a person may ignore the cool-down, but not a retraining that runs', async () => {
    const app = await openVirtualApp();
    await start(app);
    await app.runMinutes(1);
    const second = await start(app, {}, { ...HTTP, reference: 'r2' }, true);
    await app.runMinutes(1);
    expect(await phases(app, second)).toEqual(['cooling-down']);
    endJobs(app, 'completed');
    await app.runMinutes(2);
    await start(app, {}, { ...HTTP, reference: 'r3' }, true);
    await app.runMinutes(1);
    expect(app.training.submitted).toHaveLength(2);
  });

  it('data that was refused costs nothing: the next occasion is not held up', async () => {
    const app = await openVirtualApp();
    app.training.report = { ...app.training.report, rows: 10 };
    const refused = await start(app);
    await app.runMinutes(1);
    expect(await lastOf(app, refused)).toMatchObject({ phase: 'data-refused', job: null });
    expect(app.training.submitted).toHaveLength(0);
    app.training.report = { ...app.training.report, rows: 20_000 };
    await start(app, {}, { ...HTTP, reference: 'r2' });
    await app.runMinutes(1);
    expect(app.training.submitted).toHaveLength(1);
  });
});

describe('a drift', () => {
  const rows = (shift: number) => Array.from({ length: 500 }, (_, index) => ({ distance: shift + (index % 100) }));

  it('that the collected data shows is retrained', async () => {
    const app = await openVirtualApp();
    app.training.referenceRows = rows(0);
    app.training.collectedRows = rows(60);
    const id = await start(app, {}, DRIFT);
    await app.runMinutes(2);
    expect(await phases(app, id)).toEqual(['confirming', 'validating', 'submitting', 'training']);
    expect((await app.audit.listRetraining(id))[1]?.reason).toContain('distance has moved');
  });

  it('that it does not show ends unconfirmed, with its evidence', async () => {
    const app = await openVirtualApp();
    app.training.referenceRows = rows(0);
    app.training.collectedRows = rows(0);
    const id = await start(app, {}, DRIFT);
    await app.runMinutes(2);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'not-confirmed', evidence: `${id}/drift.json` });
    expect(app.training.submitted).toHaveLength(0);
  });

  it('is retrained all the same where confirmation is advisory, and not looked at where it is off', async () => {
    const triggers = (confirm: 'advisory' | 'off') => ({
      triggers: { ...aRetrainingPolicy().triggers, drift: { monitor: 'm', confirm } },
    });
    const advisory = await openVirtualApp();
    const first = await start(advisory, triggers('advisory'), DRIFT);
    await advisory.runMinutes(2);
    expect(await phases(advisory, first)).toEqual(['confirming', 'validating', 'submitting', 'training']);
    const off = await openVirtualApp();
    const second = await start(off, triggers('off'), DRIFT);
    await off.runMinutes(2);
    expect(await phases(off, second)).toEqual(['validating', 'submitting', 'training']);
  });
});

describe('a job', () => {
  it('that fails ends the retraining with its reason', async () => {
    const app = await openVirtualApp();
    const id = await start(app);
    await app.runMinutes(1);
    endJobs(app, 'failed');
    await app.runMinutes(2);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'job-failed' });
    expect((await lastOf(app, id))?.reason).toContain('exit code 1');
  });

  it('that never ends is canceled after its time, and counts as failed', async () => {
    const app = await openVirtualApp();
    const id = await start(app);
    await app.runMinutes(65);
    expect(app.training.cancellations).toHaveLength(1);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'job-failed' });
    expect((await lastOf(app, id))?.reason).toContain('did not end within 3600 s');
  });

  it('that Azure refuses ends the retraining', async () => {
    const app = await openVirtualApp();
    app.training.refusal = 'There is no compute of that name.';
    const id = await start(app);
    await app.runMinutes(1);
    expect((await lastOf(app, id))?.reason).toContain('no compute of that name');
  });

  it('is canceled when an operator aborts, and the retraining ends as aborted by them', async () => {
    const app = await openVirtualApp();
    const id = await start(app);
    await app.runMinutes(1);
    await app.control.abortRetraining('flights', 'air-time', { retrainingId: id, by: 'ada', reason: 'wrong data' });
    await app.control.wake(id);
    await app.runMinutes(2);
    expect(app.training.cancellations).toHaveLength(1);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'aborted', actor: 'ada' });
  });

  it('is looked at at once when its event wakes the retraining', async () => {
    const app = await openVirtualApp();
    const id = await start(app, { pollSeconds: 600 });
    await app.runMinutes(1);
    endJobs(app, 'completed');
    await app.control.wake(id);
    await app.runMinutes(0.5);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'registered' });
  });
});

describe('the gate', () => {
  it('a challenger that is not surely better is not registered', async () => {
    const app = await openVirtualApp();
    app.training.metrics = { ...BETTER, 'gate.challenger_loss': 15.9, 'gate.difference_mean': -0.1 };
    const id = await start(app);
    await app.runMinutes(1);
    endJobs(app, 'completed');
    await app.runMinutes(2);
    expect(await lastOf(app, id)).toMatchObject({ phase: 'gate-failed', evidence: `${id}/gate.json` });
    expect(app.training.registrations).toHaveLength(0);
  });

  it('a job without measurements fails it by name', async () => {
    const app = await openVirtualApp();
    app.training.metrics = {};
    const id = await start(app);
    await app.runMinutes(1);
    endJobs(app, 'completed');
    await app.runMinutes(2);
    expect((await lastOf(app, id))?.reason).toContain('gate.rows');
  });
});
