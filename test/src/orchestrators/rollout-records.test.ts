/** Records and events of rollouts in full: each phase, each command, a place in line, and a recovery. */

import { describe, expect, it } from 'vitest';
import type { RolloutRecord } from '../../../src/domain/audit/record.ts';
import type { ModelName } from '../../../src/domain/ids/names.ts';
import { createPolicies } from '../../../src/domain/policy/policies.ts';
import { createWatchLanes } from '../../../src/functions/timers/watch-lanes.ts';
import { BAKE, BLUE, GREEN, OLD, ROLLOUT, SHADOW, TEN } from './expected-calls.ts';
import { ended, in_, openQuickApp, phasesOf, QUICK } from './quick-rollout.ts';
import { HEALTHY } from './simulated-azure.ts';
import type { VirtualApp } from './virtual-app.ts';

const ALL_GREEN = { traffic: { [GREEN]: 100 }, mirror: {} };
const JUDGED = { decision: 'promote', evidence: 'e' } as const;
const IDLE = { ...QUICK, model: 'delays' as ModelName };
const WAITING = 'rollout.flights.delays.3.1';

/** What all records of the rollout of version 2 share. */
function record(seconds: number, changes: Partial<RolloutRecord>): RolloutRecord {
  return {
    rolloutId: ROLLOUT,
    sequence: 0,
    atIso: new Date(Date.UTC(2026, 2, 1, 12) + seconds * 1000).toISOString(),
    kind: 'phase-changed',
    endpoint: 'flights',
    model: 'air-time',
    version: '2',
    attempt: 1,
    green: GREEN,
    from: null,
    phase: 'queued',
    reason: '',
    actor: 'policy',
    split: null,
    decision: null,
    evidence: null,
    code: null,
    failedMetrics: [],
    ...changes,
  } as RolloutRecord;
}

function numbered(records: readonly RolloutRecord[], first = 0): readonly RolloutRecord[] {
  return records.map((entry, index) => ({ ...entry, sequence: first + index }));
}

/** The event of each record, as the topic gets it. */
function eventsOf(records: readonly RolloutRecord[]) {
  const types: Readonly<Record<string, string>> = {
    'phase-changed': 'Slipway.Rollout.PhaseChanged',
    'command-applied': 'Slipway.Rollout.CommandApplied',
    'command-refused': 'Slipway.Rollout.CommandRefused',
    'operator-needed': 'Slipway.Rollout.OperatorNeeded',
    'lane-recovered': 'Slipway.Rollout.LaneRecovered',
  };
  return records.map((entry) => ({
    id: `${entry.rolloutId}.${entry.sequence}`,
    type: types[entry.kind],
    subject: `rollouts/${entry.rolloutId}`,
    timeIso: entry.atIso,
    data: entry,
  }));
}

const publishedOf = (app: VirtualApp, id: string) => app.published.filter(({ data }) => data.rolloutId === id);

describe('a rollout', () => {
  it('records and publishes every phase with where it came from, why, who, its split and its judge', async () => {
    const app = await openQuickApp();
    await app.start(QUICK, '2');
    const trail = await app.until(ROLLOUT, ended);
    const [old, shadow] = [`${BLUE} 100 %`, `${BLUE} 100 % (mirror: ${GREEN} 20 %)`];
    const expected = numbered([
      record(0, { from: 'queued', phase: 'preparing', reason: 'Endpoint flights is free for this rollout.' }),
      record(3, {
        from: 'preparing',
        phase: 'deploying',
        split: OLD,
        reason: `flights serves ${old}; creating ${GREEN} at 0 %.`,
      }),
      record(13, { from: 'deploying', phase: 'smoke-testing', split: OLD, reason: `${GREEN} is ready.` }),
      record(13, {
        ...{ from: 'smoke-testing', phase: 'mirroring', split: SHADOW },
        reason: `${GREEN} answered all 1 smoke requests as expected.`,
      }),
      record(23, { from: 'mirroring', phase: 'shadowing', split: SHADOW, reason: `${shadow} is in place.` }),
      record(23, {
        ...JUDGED,
        from: 'shadowing',
        phase: 'shifting',
        split: TEN,
        reason: 'As good as blue. Next: 10 %.',
      }),
      record(33, {
        from: 'shifting',
        phase: 'watching',
        split: TEN,
        evidence: 'e',
        reason: `${GREEN} 10 %, ${BLUE} 90 % is in place.`,
      }),
      record(33, {
        ...JUDGED,
        from: 'watching',
        phase: 'promoting',
        split: BAKE,
        reason: 'As good as blue. Next: 100 %.',
      }),
      record(43, {
        from: 'promoting',
        phase: 'baking',
        split: BAKE,
        evidence: 'e',
        reason: `${GREEN} 100 % (mirror: ${BLUE} 20 %) is in place.`,
      }),
      record(43, {
        ...JUDGED,
        from: 'baking',
        phase: 'retiring',
        split: ALL_GREEN,
        reason: 'As good as blue.',
      }),
      record(63, {
        ...{ from: 'retiring', phase: 'promoted', split: ALL_GREEN, evidence: 'e' },
        reason: 'Version 2 of air-time serves all traffic of flights.',
      }),
    ]);
    expect(trail).toEqual(expected);
    expect(app.published).toEqual(eventsOf(expected));
  });

  it('records each command with who gave it, and what came of it', async () => {
    const app = await openQuickApp();
    app.azure.greenBehaviour = { ...HEALTHY, readyAfterMs: null };
    await app.start(QUICK, '2');
    await app.until(ROLLOUT, in_('deploying'));
    const before = (await app.audit.listRollout(ROLLOUT)).length;
    const by = 'ada';
    await app.post(ROLLOUT, { type: 'resume', by, reason: 'go' });
    await app.post(ROLLOUT, { type: 'promote', by, reason: 'now' });
    await app.post(ROLLOUT, { type: 'pause', by, reason: 'lunch' });
    await app.post(ROLLOUT, { type: 'pause', by: 'eve', reason: 'me too' });
    await app.runMinutes(5);
    await app.post(ROLLOUT, { type: 'abort', by, reason: 'no' });
    const trail = await app.until(ROLLOUT, ended);
    const known = { phase: 'deploying', split: OLD, actor: by } as const;
    const aborted = { split: OLD, code: 'aborted' } as const;
    const expected: readonly Partial<RolloutRecord>[] = [
      { ...known, kind: 'command-refused', reason: 'The rollout is not paused.' },
      { ...known, kind: 'command-refused', reason: 'A rollout that is deploying cannot be promoted by hand.' },
      { ...known, kind: 'command-applied', reason: 'Paused by ada: lunch' },
      { ...known, kind: 'command-refused', reason: 'The rollout is paused by ada already.', actor: 'eve' },
      {
        ...aborted,
        kind: 'phase-changed',
        from: 'deploying',
        phase: 'rolling-back',
        actor: by,
        reason: 'Aborted by ada: no',
      },
      {
        ...{ ...aborted, kind: 'phase-changed', from: 'rolling-back', phase: 'rolled-back', actor: 'policy' },
        reason: 'The traffic of flights was never changed. Cause: Aborted by ada: no',
      },
    ];
    expect(trail.slice(before)).toEqual(
      expected.map((changes, index) => ({
        ...record(0, changes),
        sequence: before + index,
        atIso: trail[before + index]?.atIso,
      })),
    );
    expect(app.published).toEqual(eventsOf(trail));
    expect(
      app.calls.filter(({ name }) => name === 'readDeployment').map(({ input }) => input.deployment),
    ).not.toContain(BLUE);
  });
});

describe('a rollout that waits for an endpoint which another policy uses', () => {
  async function open() {
    const app = await openQuickApp(({ name }) => (name === 'judgeTraffic' && isHeld ? CONTINUE : undefined));
    let isHeld = true;
    await app.start(QUICK, '2');
    await app.until(ROLLOUT, in_('shadowing'));
    await app.start(IDLE, '3');
    await app.runMinutes(1);
    return {
      app,
      release: () => {
        isHeld = false;
      },
    };
  }
  const CONTINUE = { decision: 'continue', sentence: 'So far.', verdicts: [], basis: null, evidence: 'e' };
  const status = async (app: VirtualApp) => (await app.control.view(WAITING)).customStatus;

  it('says who is ahead, touches nothing, and follows when it is free', async () => {
    const { app, release } = await open();
    expect(await status(app)).toMatchObject({
      phase: 'queued',
      note: `${ROLLOUT} holds flights; 0 rollouts are ahead.`,
    });
    expect(app.calls.filter(({ input }) => input.rolloutId === WAITING).map(({ name }) => name)).toEqual([
      'assessVersion',
    ]);
    release();
    const trail = await app.until(WAITING, ended);
    const first = await app.audit.listRollout(ROLLOUT);
    expect(phasesOf(first).at(-1)).toBe('promoted');
    expect(phasesOf(trail).at(-1)).toBe('promoted');
    expect(trail[0]?.atIso).toBe(first.at(-1)?.atIso);
    const own = app.calls.filter(({ name, input }) => name === 'judgeTraffic' && input.rolloutId === WAITING);
    expect(new Set(own.map(({ input }) => input.blue))).toEqual(new Set([GREEN]));
  });

  it('obeys an abort in its place, and leaves the other one alone', async () => {
    const { app, release } = await open();
    await app.post(WAITING, { type: 'abort', by: 'ada', reason: 'not now' });
    const trail = await app.until(WAITING, ended);
    const aborted = {
      rolloutId: WAITING,
      model: 'delays',
      version: '3',
      green: trail[0]?.green ?? '',
      code: 'aborted',
    } as const;
    const at = (Date.parse(trail[0]?.atIso ?? '') - Date.UTC(2026, 2, 1, 12)) / 1000;
    expect(trail).toEqual(
      numbered([
        record(at, {
          ...aborted,
          from: 'queued',
          phase: 'rolling-back',
          actor: 'ada',
          reason: 'Aborted by ada: not now',
        }),
        record(at, {
          ...{ ...aborted, from: 'rolling-back', phase: 'rolled-back' },
          reason: 'The traffic of flights was never changed. Cause: Aborted by ada: not now',
        }),
      ]),
    );
    expect(publishedOf(app, WAITING)).toEqual(eventsOf(trail));
    await app.runMinutes(1);
    expect(await app.control.readLane('flights' as never)).toMatchObject({
      holder: { id: ROLLOUT },
      waiting: [],
    });
    expect(app.azure.versions.get('3')?.tags['slipway-status']).toBe('rejected');
    release();
    expect((await app.until(ROLLOUT, ended)).at(-1)?.phase).toBe('promoted');
  });
});

describe('a rollout whose orchestration was terminated', () => {
  it('is rolled back for it, with records of their own, and the lane is free again', async () => {
    const app = await openQuickApp(({ name }) => {
      if (name !== 'judgeTraffic') return undefined;
      return { decision: 'continue', sentence: 'So far.', verdicts: [], basis: null, evidence: 'e' };
    });
    await app.start(QUICK, '2');
    await app.until(ROLLOUT, in_('shadowing'));
    await app.terminate(ROLLOUT);
    await app.runMinutes(1);
    const warnings: string[] = [];
    const watch = createWatchLanes(app.clock, createPolicies([QUICK]));
    expect(await watch(app.control, (text) => warnings.push(text))).toEqual([`recover.${ROLLOUT}.1`]);
    const trail = await app.until(ROLLOUT, ended);
    const [recovered, last] = trail.slice(-2);
    const reason = `The orchestration of ${ROLLOUT} is gone (terminated); its rollback is done for it.`;
    const known = { split: OLD, code: 'orchestration-lost' } as const;
    expect([recovered, last]).toEqual(
      numbered(
        [
          {
            ...record(0, { ...known, kind: 'lane-recovered', phase: 'rolling-back', reason, actor: 'watchdog' }),
            atIso: recovered?.atIso ?? '',
          },
          {
            ...record(0, { ...known, from: 'rolling-back', phase: 'rolled-back' }),
            reason: `flights serves ${BLUE} 100 % again. Cause: ${reason}`,
            atIso: last?.atIso ?? '',
          },
        ],
        1_000_000,
      ),
    );
    expect(app.azure.split).toEqual(OLD);
    expect([...app.azure.deployments.keys()]).toEqual([BLUE]);
    await app.runMinutes(1);
    expect(await app.control.readLane('flights' as never)).toMatchObject({ holder: null });
    expect(publishedOf(app, ROLLOUT)).toEqual(eventsOf(trail));
    expect(warnings).toEqual([]);
  });
});
