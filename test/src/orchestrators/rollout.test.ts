/** Whole rollouts on the real durable-functions engine, in virtual time, against a simulated Azure. */
import { describe, expect, it } from 'vitest';
import type { RolloutRecord } from '../../../src/domain/audit/record.ts';
import { isFinal } from '../../../src/domain/rollout/phase.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { HEALTHY } from './simulated-azure.ts';
import { openVirtualApp } from './virtual-app.ts';

const ended = (trail: readonly RolloutRecord[]) => trail.some(({ phase }) => isFinal(phase));
const in_ = (phase: string) => (trail: readonly RolloutRecord[]) => trail.at(-1)?.phase === phase;
const phasesOf = (trail: readonly RolloutRecord[]) =>
  trail.filter(({ kind }) => kind === 'phase-changed').map(({ phase }) => phase);
const noApproval = aPolicy({ approval: null });

describe('a good version', () => {
  it('goes through every phase to all of the traffic, and blue is removed', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    const trail = await app.until(id, ended);
    expect(phasesOf(trail)).toEqual([
      'preparing',
      'deploying',
      'smoke-testing',
      'mirroring',
      'shadowing',
      'shifting',
      'watching',
      'shifting',
      'watching',
      'promoting',
      'baking',
      'retiring',
      'promoted',
    ]);
    await app.runMinutes(1);
    expect(Object.values(app.azure.split.traffic)).toEqual([100]);
    expect(app.azure.deletions).toEqual([app.azure.blue]);
    expect(app.azure.versions.get('2')?.tags).toMatchObject({ 'slipway-status': 'live', 'slipway-rollout': id });
    expect(await app.control.view(id)).toMatchObject({ status: 'completed', output: { outcome: 'promoted' } });
    expect(await app.control.readLane('flights' as never)).toMatchObject({ holder: null, waiting: [], inbox: [] });
  });

  it("gets blue's capacity before it gets traffic", async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('shadowing'));
    expect([...app.azure.deployments.values()].map(({ spec }) => spec.instanceCount)).toEqual([3, 3]);
  });

  it('publishes every phase change once, with stable ids', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    const trail = await app.until(id, ended);
    const ids = app.published.map((event) => event.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(app.published).toHaveLength(trail.length);
  });
});

describe('an approval', () => {
  it('is asked for with links, and goes on when it is given', async () => {
    const app = await openVirtualApp();
    const id = await app.start(aPolicy(), '2');
    await app.until(id, in_('awaiting-approval'));
    await app.runMinutes(3);
    const asked = app.published.find(({ type }) => type === 'Slipway.Approval.Requested');
    expect(JSON.stringify(asked?.confidential)).toContain('https://slipway.example/api/approvals/');
    const approvalId = `${id}.w50`;
    const grant = { kind: 'approval', approvalId, answer: 'approve' } as const;
    const token = await app.tokens.mint({ subject: 'ada', grant, expiresAtMs: app.clock.nowMs() + 60_000 });
    await app.post(id, { type: 'approve', approvalId, token, reason: 'looks good' });
    const trail = await app.until(id, ended);
    expect(trail.at(-1)?.phase).toBe('promoted');
    expect(trail.some(({ reason }) => reason.includes('ada approved 50 %: looks good'))).toBe(true);
  });

  it('that is forged, or for another use, changes nothing', async () => {
    const app = await openVirtualApp();
    const id = await app.start(aPolicy(), '2');
    await app.until(id, in_('awaiting-approval'));
    const approvalId = `${id}.w50`;
    const operator = await app.tokens.mint({
      subject: 'eve',
      grant: { kind: 'operator', scopes: ['operate'] },
      expiresAtMs: app.clock.nowMs() + 60_000,
    });
    await app.post(id, { type: 'approve', approvalId, token: 'nonsense', reason: 'r' });
    await app.post(id, { type: 'approve', approvalId, token: operator, reason: 'r' });
    const trail = await app.until(id, (all) => all.filter(({ kind }) => kind === 'command-refused').length === 2);
    expect(trail.at(-1)?.phase).toBe('awaiting-approval');
  });

  it('that nobody gives in time rolls back', async () => {
    const app = await openVirtualApp();
    const id = await app.start(aPolicy(), '2');
    const trail = await app.until(id, ended);
    expect(trail.at(-1)).toMatchObject({ phase: 'rolled-back', code: 'approval-expired' });
    expect(app.azure.split).toEqual({ traffic: { [app.azure.blue]: 100 }, mirror: {} });
  });
});

describe('a bad version', () => {
  it.each([
    ['answers slowly', { latencyMs: 400 }, 'canary-failed'],
    ['fails on some requests', { errorRate: 0.1 }, 'canary-failed'],
    ['fails its smoke test', { smokeStatus: 424 }, 'smoke-test-failed'],
    ['never becomes ready', { readyAfterMs: null }, 'deployment-failed'],
  ] as const)('that %s ends in the old split', async (_name, flaw, code) => {
    const app = await openVirtualApp();
    app.azure.greenBehaviour = { ...HEALTHY, ...flaw };
    const id = await app.start(noApproval, '2');
    const trail = await app.until(id, ended);
    expect(trail.at(-1)).toMatchObject({ phase: 'rolled-back', code });
    expect(app.azure.split).toEqual({ traffic: { [app.azure.blue]: 100 }, mirror: {} });
    expect([...app.azure.deployments.keys()]).toEqual([app.azure.blue]);
    await app.runMinutes(1);
    expect(app.azure.versions.get('2')?.tags['slipway-status']).toBe('rejected');
  });

  it('never gets live traffic when the shadow shows it', async () => {
    const app = await openVirtualApp();
    app.azure.greenBehaviour = { ...HEALTHY, errorRate: 0.1 };
    const id = await app.start(noApproval, '2');
    const trail = await app.until(id, ended);
    expect(trail.find(({ phase }) => phase === 'rolling-back')).toMatchObject({
      decision: 'rollback',
      evidence: expect.stringContaining('/look-'),
      reason: expect.stringContaining('1 of 2 metrics agree (errors)'),
    });
    expect(app.azure.history.every(({ traffic }) => traffic[app.azure.blue] === 100)).toBe(true);
  });

  it('whose telemetry is lost is rolled back, never promoted', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('watching'));
    await app.runMinutes(2);
    app.azure.telemetryFlows = false;
    const trail = await app.until(id, ended);
    expect(trail.at(-1)).toMatchObject({ phase: 'rolled-back', code: 'no-data' });
    expect(trail.some(({ kind }) => kind === 'operator-needed')).toBe(true);
  });
});

describe('an operator', () => {
  it.each(['deploying', 'shadowing', 'watching', 'baking'])(
    'aborts in %s and gets the old split back',
    async (phase) => {
      const app = await openVirtualApp();
      const id = await app.start(noApproval, '2');
      await app.until(id, in_(phase));
      await app.post(id, { type: 'abort', by: 'ada', reason: 'not today' });
      const trail = await app.until(id, ended);
      expect(trail.at(-1)).toMatchObject({
        phase: 'rolled-back',
        code: 'aborted',
        reason: expect.stringContaining('not today'),
      });
      await app.runMinutes(1);
      expect(app.azure.split).toEqual({ traffic: { [app.azure.blue]: 100 }, mirror: {} });
      expect([...app.azure.deployments.keys()]).toEqual([app.azure.blue]);
    },
  );

  it('pauses, and nothing moves until the resume', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('watching'));
    await app.post(id, { type: 'pause', by: 'ada', reason: 'lunch' });
    await app.runMinutes(60);
    expect((await app.audit.listRollout(id)).at(-1)).toMatchObject({ kind: 'command-applied', phase: 'watching' });
    await app.post(id, { type: 'resume', by: 'ada', reason: 'back' });
    expect((await app.until(id, ended)).at(-1)?.phase).toBe('promoted');
  });

  it('promotes by hand', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('shadowing'));
    await app.post(id, { type: 'promote', by: 'ada', reason: 'urgent fix' });
    const trail = await app.until(id, ended);
    expect(phasesOf(trail).slice(-5)).toEqual(['shadowing', 'promoting', 'baking', 'retiring', 'promoted']);
  });
});

describe('what other people and other rollouts do', () => {
  it('a foreign traffic change pauses the rollout and calls a person', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('watching'));
    await app.runMinutes(1);
    app.azure.changeTrafficByHand({ traffic: { [app.azure.blue]: 70, other: 30 }, mirror: {} });
    const trail = await app.until(id, (all) => all.at(-1)?.kind === 'operator-needed');
    expect(trail.at(-1)?.reason).toContain('Somebody else changed the traffic');
    await app.runMinutes(30);
    expect(app.azure.split.traffic).toEqual({ [app.azure.blue]: 70, other: 30 });
    await app.post(id, { type: 'resume', by: 'ada', reason: 'that was a mistake' });
    expect((await app.until(id, ended)).at(-1)?.phase).toBe('promoted');
  });

  it('a foreign change before the first traffic write survives an abort', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('deploying'));
    const theirs = { traffic: { [app.azure.blue]: 60, other: 40 }, mirror: {} };
    app.azure.changeTrafficByHand(theirs);
    await app.post(id, { type: 'abort', by: 'ada', reason: 'r' });
    const trail = await app.until(id, ended);
    expect(trail.at(-1)?.reason).toContain('was never changed');
    expect(app.azure.split).toEqual(theirs);
  });

  it("a stale read right after somebody's change does not become the snapshot", async () => {
    const app = await openVirtualApp();
    app.azure.showStale({ traffic: {}, mirror: {} }, 3);
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('deploying'));
    const lane = await app.control.readLane('flights' as never);
    expect(lane?.holder).toMatchObject({ snapshot: { split: { traffic: { [app.azure.blue]: 100 } } } });
  });

  it('a second version waits for its turn', async () => {
    const app = await openVirtualApp();
    const first = await app.start(noApproval, '2');
    await app.until(first, in_('watching'));
    const second = await app.start(noApproval, '3');
    const firstTrail = await app.until(first, ended);
    const secondTrail = await app.until(second, ended);
    expect([firstTrail.at(-1)?.phase, secondTrail.at(-1)?.phase]).toEqual(['promoted', 'promoted']);
    expect(String(secondTrail[0]?.atIso) >= String(firstTrail.at(-1)?.atIso)).toBe(true);
  });

  it('a newer version supersedes the running one where the policy says so', async () => {
    const app = await openVirtualApp();
    const policy = aPolicy({ approval: null, whenBusy: 'supersede' });
    const first = await app.start(policy, '2');
    await app.until(first, in_('watching'));
    const second = await app.start(policy, '3');
    expect((await app.until(first, ended)).at(-1)).toMatchObject({ phase: 'rolled-back', code: 'superseded' });
    expect((await app.until(second, ended)).at(-1)?.phase).toBe('promoted');
  });

  it('a version older than what serves is ignored', async () => {
    const app = await openVirtualApp();
    await app.until(await app.start(noApproval, '3'), ended);
    await app.runMinutes(1);
    const old = await app.start(noApproval, '2');
    expect((await app.until(old, ended)).at(-1)).toMatchObject({ phase: 'ignored' });
  });
});

describe('failures', () => {
  it('of short outages are ridden out', async () => {
    const app = await openVirtualApp();
    for (const method of ['putDeployment', 'getEndpoint', 'readBuckets', 'mergeModelVersionTags'])
      app.azure.outages.set(method, 3);
    const id = await app.start(noApproval, '2');
    expect((await app.until(id, ended)).at(-1)?.phase).toBe('promoted');
  });

  it('of a telemetry that stays down roll back', async () => {
    const app = await openVirtualApp();
    app.azure.outages.set('readBuckets', 1000);
    const id = await app.start(noApproval, '2');
    expect((await app.until(id, ended)).at(-1)).toMatchObject({ phase: 'rolled-back', code: 'activity-failed' });
  });

  it('while rolling back are tried again until the old split is back', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('watching'));
    await app.post(id, { type: 'abort', by: 'ada', reason: 'r' });
    await app.until(id, in_('rolling-back'));
    app.azure.outages.set('getEndpoint', 30);
    const trail = await app.until(id, ended);
    expect(trail.at(-1)?.phase).toBe('rolled-back');
    expect(trail.some(({ kind }) => kind === 'operator-needed')).toBe(true);
    expect(app.azure.split.traffic).toEqual({ [app.azure.blue]: 100 });
  });
});
