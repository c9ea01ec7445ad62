/** What others get to see of a rollout, in full: its published events, its tags, its custom status, its last words. */
import { describe, expect, it } from 'vitest';
import type { RolloutRecord } from '../../../src/domain/audit/record.ts';
import { isFinal } from '../../../src/domain/rollout/phase.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { HEALTHY } from './simulated-azure.ts';
import { openVirtualApp, type VirtualApp } from './virtual-app.ts';

const noApproval = aPolicy({ approval: null });
const ended = (trail: readonly RolloutRecord[]) => trail.some(({ phase }) => isFinal(phase));
const in_ = (phase: string) => (trail: readonly RolloutRecord[]) => trail.at(-1)?.phase === phase;
const of = (app: VirtualApp, type: string) => app.published.filter((event) => event.type === type);

describe('the events of a rollout', () => {
  it('are its audit records in their order, each complete and dated', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    const trail = await app.until(id, ended);
    expect(app.published).toEqual(
      trail.map((record, sequence) => ({
        id: `${id}.${sequence}`,
        type: 'Slipway.Rollout.PhaseChanged',
        subject: `rollouts/${id}`,
        timeIso: record.atIso,
        data: record,
      })),
    );
    for (const [sequence, record] of trail.entries()) {
      expect(record).toMatchObject({ rolloutId: id, sequence, endpoint: 'flights', model: 'air-time', version: '2' });
      expect(record).toMatchObject({ attempt: 1, green: app.azure.deployments.keys().next().value, actor: 'policy' });
      expect(record.from).toBe(sequence === 0 ? 'queued' : trail[sequence - 1]?.phase);
    }
  });

  it('say which decision and which evidence moved it, and what served then', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    const trail = await app.until(id, ended);
    const blue = app.azure.blue;
    const green = trail[0]?.green ?? '';
    const told = trail.map(({ phase, decision, evidence, split }) => ({
      phase,
      decision,
      evidence: evidence !== null,
      live: split?.traffic[green] ?? 0,
      copies: Object.keys(split?.mirror ?? {}).map((name) => (name === blue ? 'blue' : 'green')),
    }));
    const quiet = { decision: null, evidence: false, live: 0, copies: [] };
    expect(told).toEqual([
      { ...quiet, phase: 'preparing' },
      { ...quiet, phase: 'deploying' },
      { ...quiet, phase: 'smoke-testing' },
      { ...quiet, phase: 'mirroring', copies: ['green'] },
      { ...quiet, phase: 'shadowing', copies: ['green'] },
      { phase: 'shifting', decision: 'next-step', evidence: true, live: 10, copies: [] },
      { phase: 'watching', decision: null, evidence: true, live: 10, copies: [] },
      { phase: 'shifting', decision: 'next-step', evidence: true, live: 50, copies: [] },
      { phase: 'watching', decision: null, evidence: true, live: 50, copies: [] },
      { phase: 'promoting', decision: 'promote', evidence: true, live: 100, copies: ['blue'] },
      { phase: 'baking', decision: null, evidence: true, live: 100, copies: ['blue'] },
      { phase: 'retiring', decision: 'promote', evidence: true, live: 100, copies: [] },
      { phase: 'promoted', decision: null, evidence: true, live: 100, copies: [] },
    ]);
  });

  it('ask for an approval with the rollout, the weight, the deadline and the situation', async () => {
    const app = await openVirtualApp();
    const id = await app.start(aPolicy(), '2');
    const trail = await app.until(id, in_('awaiting-approval'));
    await app.runMinutes(1);
    const since = trail.at(-1)?.atIso ?? '';
    const approvalId = `${id}.w50`;
    expect(of(app, 'Slipway.Approval.Requested')).toEqual([
      {
        id: `${approvalId}.requested`,
        type: 'Slipway.Approval.Requested',
        subject: `rollouts/${id}`,
        timeIso: since,
        data: {
          rolloutId: id,
          approvalId,
          endpoint: 'flights',
          model: 'air-time',
          version: '2',
          weight: 50,
          deadlineIso: new Date(Date.parse(since) + 3_600_000).toISOString(),
          situation: trail.at(-1)?.reason,
        },
        confidential: {
          approveUrl: expect.stringMatching(/answer=approve$/),
          declineUrl: expect.stringMatching(/answer=decline$/),
        },
      },
    ]);
  });

  it('tell an operator\u2019s command and who gave it', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('watching'));
    await app.post(id, { type: 'pause', by: 'ada', reason: 'lunch' });
    await app.post(id, { type: 'resume', by: 'bob', reason: 'back' });
    await app.runMinutes(1);
    expect(of(app, 'Slipway.Rollout.CommandApplied').map(({ data }) => [data.actor, data.reason, data.from])).toEqual([
      ['ada', expect.stringContaining('lunch'), null],
      ['bob', expect.stringContaining('back'), null],
    ]);
  });
});

describe('a version turned back', () => {
  it('has the last lines of its log in the reason when Azure ML could not start it', async () => {
    const app = await openVirtualApp();
    const read = app.azure.getDeployment.bind(app.azure);
    app.azure.getDeployment = async (endpoint, deployment) => {
      const view = await read(endpoint, deployment);
      return view && deployment !== app.azure.blue ? { ...view, provisioningState: 'Failed' } : view;
    };
    const id = await app.start(noApproval, '2');
    const trail = await app.until(id, ended);
    const green = trail[0]?.green;
    const why = `${green} did not become ready (Azure ML says Failed). Its log ends with: the last lines of its log`;
    expect(trail.find(({ phase }) => phase === 'rolling-back')).toMatchObject({ reason: why });
    expect(trail.at(-1)).toMatchObject({
      code: 'deployment-failed',
      reason: `The traffic of flights was never changed. Cause: ${why}`,
    });
    await app.runMinutes(1);
    expect(app.azure.versions.get('2')?.tags).toMatchObject({
      'slipway-status': 'rejected',
      'slipway-rollout': id,
      'slipway-reason': expect.stringContaining('did not become ready'),
    });
  });

  it('is named with the failures of its smoke test', async () => {
    const app = await openVirtualApp();
    app.azure.greenBehaviour = { ...HEALTHY, smokeStatus: 424 };
    const id = await app.start(noApproval, '2');
    const trail = await app.until(id, ended);
    expect(trail.find(({ phase }) => phase === 'rolling-back')?.reason).toMatch(/failed its smoke test: one.*424/);
  });
});

describe('a rollout that waits for its lane', () => {
  async function waiting() {
    const app = await openVirtualApp();
    const first = await app.start(noApproval, '2');
    await app.until(first, in_('watching'));
    const second = await app.start(noApproval, '3');
    await app.runMinutes(1);
    return { app, first, second };
  }

  it('says who holds it and how many are ahead', async () => {
    const { app, first, second } = await waiting();
    const { customStatus } = await app.control.view(second);
    expect(customStatus).toMatchObject({ phase: 'queued', note: `${first} holds flights; 0 rollouts are ahead.` });
  });

  it('is aborted there: it ends, leaves the queue, and creates nothing', async () => {
    const { app, first, second } = await waiting();
    await app.post(second, { type: 'abort', by: 'ada', reason: 'not this one' });
    const trail = await app.until(second, ended, 5);
    expect(trail.map(({ phase, actor, code }) => ({ phase, actor, code }))).toEqual([
      { phase: 'rolling-back', actor: 'ada', code: 'aborted' },
      { phase: 'rolled-back', actor: 'policy', code: 'aborted' },
    ]);
    expect(await app.control.readLane('flights' as never)).toMatchObject({ holder: { id: first }, waiting: [] });
    expect((await app.until(first, ended)).at(-1)?.phase).toBe('promoted');
    expect([...app.azure.deployments.keys()]).toHaveLength(1);
  });

  it('is aborted by its first command even when it comes with others', async () => {
    const { app, second } = await waiting();
    await app.post(second, { type: 'pause', by: 'ada', reason: 'first' });
    await app.post(second, { type: 'abort', by: 'ada', reason: 'then' });
    const trail = await app.until(second, ended, 10);
    expect(trail.at(-1)).toMatchObject({ phase: 'rolled-back', code: 'aborted' });
  });
});
