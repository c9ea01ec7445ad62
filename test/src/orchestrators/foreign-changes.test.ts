/** Changes of an endpoint's traffic by somebody else, in each phase: noticed, told, left alone, and replaced only when asked. */
import { describe, expect, it } from 'vitest';
import type { TrafficSplit } from '../../../src/domain/rollout/traffic-split.ts';
import { BLUE, force, GREEN, OLD, ROLLOUT, SHADOW, TEN } from './expected-calls.ts';
import { ended, in_, openQuickApp, QUICK } from './quick-rollout.ts';
import type { VirtualApp } from './virtual-app.ts';

const THEIRS: TrafficSplit = { traffic: { [BLUE]: 70, other: 30 }, mirror: {} };
const SAID = `Somebody else changed the traffic of flights to ${BLUE} 70 %, other 30 %; resume to put this rollout's split back and go on, or abort.`;
const PAUSED = { kind: 'foreign-change', by: 'slipway', reason: SAID };

/** Looks of the phase go on until `release` is called; those of other phases say yes. */
async function open(phase = 'shadowing') {
  let isHeld = true;
  const app = await openQuickApp(({ name, input }) =>
    name === 'judgeTraffic' && isHeld && (input.stretch as { phase: string }).phase === phase
      ? { decision: 'continue', sentence: 'So far.', verdicts: [], basis: null, evidence: 'e' }
      : undefined,
  );
  await app.start(QUICK, '2');
  return {
    app,
    release: () => {
      isHeld = false;
    },
  };
}

const status = async (app: VirtualApp) => (await app.control.view(ROLLOUT)).customStatus;
const calls = (app: VirtualApp, from = 0) =>
  app.calls.slice(from).flatMap(({ name, input }) => (name === 'recordAudit' ? [] : [[name, input] as const]));
const isTold = (trail: readonly { kind: string }[]) => trail.at(-1)?.kind === 'operator-needed';

describe('a change of the traffic that a rollout has put in place', () => {
  it.each([
    ['shadowing', SHADOW],
    ['watching', TEN],
  ])('in %s pauses it until a person resumes, and then its own split is put back', async (phase, own) => {
    const { app, release } = await open(phase);
    await app.until(ROLLOUT, in_(phase));
    await app.runMinutes(0.1);
    app.azure.changeTrafficByHand(THEIRS);
    const trail = await app.until(ROLLOUT, (all) => isTold(all) || ended(all));
    expect(trail.at(-1)).toMatchObject({ kind: 'operator-needed', phase, reason: SAID, actor: 'slipway', split: own });
    expect(await status(app)).toMatchObject({ phase, note: SAID, paused: PAUSED });
    const from = app.calls.length;
    await app.runMinutes(5);
    expect(calls(app, from)).toEqual([]);
    expect(app.azure.split).toEqual(THEIRS);
    await app.post(ROLLOUT, { type: 'resume', by: 'ada', reason: 'a mistake' });
    await app.runMinutes(0.3);
    expect(calls(app, from).slice(0, 2)).toEqual([force(own, false), force(own, false)]);
    release();
    expect((await app.until(ROLLOUT, ended)).at(-1)?.phase).toBe('promoted');
    expect((await app.audit.listRollout(ROLLOUT)).filter(({ kind }) => kind === 'operator-needed')).toHaveLength(1);
  });

  it('that Azure does not let it put back ends in the old split', async () => {
    const { app } = await open();
    await app.until(ROLLOUT, in_('shadowing'));
    app.azure.changeTrafficByHand(THEIRS);
    await app.until(ROLLOUT, isTold);
    const { intercept } = app;
    app.intercept = (call) =>
      call.name === 'shiftTraffic' && JSON.stringify(call.input.wanted) !== JSON.stringify(OLD)
        ? { kind: 'refused', reason: 'Locked.' }
        : intercept(call);
    await app.post(ROLLOUT, { type: 'resume', by: 'ada', reason: 'a mistake' });
    const trail = await app.until(ROLLOUT, ended);
    expect(trail.at(-2)).toMatchObject({
      phase: 'rolling-back',
      code: 'endpoint-unusable',
      reason: `Azure ML refused ${BLUE} 100 % (mirror: ${GREEN} 20 %): Locked.`,
    });
    expect(app.azure.split).toEqual(OLD);
  });

  it('is overruled by an abort: the snapshot is what was safe', async () => {
    const { app } = await open();
    await app.until(ROLLOUT, in_('shadowing'));
    app.azure.changeTrafficByHand(THEIRS);
    await app.until(ROLLOUT, isTold);
    await app.post(ROLLOUT, { type: 'abort', by: 'ada', reason: 'no' });
    expect((await app.until(ROLLOUT, ended)).at(-1)).toMatchObject({ phase: 'rolled-back', code: 'aborted' });
    expect(app.azure.split).toEqual(OLD);
  });
});

describe('a change before a rollout writes its next split', () => {
  it('is not overwritten, and told; after the resume it is', async () => {
    const { app, release } = await open();
    const { intercept } = app;
    app.intercept = (call) => {
      if (call.name === 'shiftTraffic' && call.input.force === false && app.azure.history.length === 1)
        app.azure.changeTrafficByHand(THEIRS);
      return intercept(call);
    };
    release();
    const trail = await app.until(ROLLOUT, (all) => isTold(all) || ended(all));
    expect(trail.at(-1)).toMatchObject({ reason: SAID });
    expect(await status(app)).toMatchObject({ paused: PAUSED, note: SAID });
    await app.runMinutes(2);
    expect(app.azure.split).toEqual(THEIRS);
    expect(await status(app)).toMatchObject({ note: `Paused by slipway: ${SAID}` });
    const from = app.calls.length;
    await app.post(ROLLOUT, { type: 'resume', by: 'ada', reason: 'a mistake' });
    expect((await app.until(ROLLOUT, ended)).at(-1)?.phase).toBe('promoted');
    const [first] = calls(app, from);
    expect(first).toMatchObject(['shiftTraffic', { force: true, rewrite: false }]);
    const forced = calls(app, from).filter(([name, input]) => name === 'shiftTraffic' && input.force === true);
    expect(new Set(forced.map(([, input]) => JSON.stringify(input.wanted))).size).toBe(1);
  });
});

describe('what is no foreign change', () => {
  it.each([
    [
      'an endpoint that cannot be found',
      { exists: false, settled: false, provisioningState: '', split: { traffic: {}, mirror: {} } },
    ],
    ['an operation that runs', { exists: true, settled: false, provisioningState: 'Updating', split: THEIRS }],
  ])('%s', async (_what, answer) => {
    const app = await openQuickApp(({ name }) => (name === 'readTraffic' ? answer : undefined));
    await app.start(QUICK, '2');
    const trail = await app.until(ROLLOUT, ended);
    expect(trail.at(-1)?.phase).toBe('promoted');
    expect(trail.filter(({ kind }) => kind !== 'phase-changed')).toEqual([]);
  });
});
