/** What Azure ML and other people can do to each phase, and the way out of it. */
import { describe, expect, it } from 'vitest';
import type { RolloutRecord } from '../../../src/domain/audit/record.ts';
import { deploymentNameOf, type ModelName, type ModelVersion } from '../../../src/domain/ids/names.ts';
import { isFinal } from '../../../src/domain/rollout/phase.ts';
import type { DeploymentSpec, DeploymentView, WriteOutcome } from '../../../src/ports/model-platform.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { journalOf } from './journal.ts';
import { HEALTHY } from './simulated-azure.ts';
import { openVirtualApp, type VirtualApp } from './virtual-app.ts';

const noApproval = aPolicy({ approval: null });
const ended = (trail: readonly RolloutRecord[]) => trail.some(({ phase }) => isFinal(phase));
const in_ = (phase: string) => (trail: readonly RolloutRecord[]) => trail.at(-1)?.phase === phase;
const needsOperator = (trail: readonly RolloutRecord[]) => trail.at(-1)?.kind === 'operator-needed';
const has = (phase: string) => (trail: readonly RolloutRecord[]) => trail.some((record) => record.phase === phase);
const at = (trail: readonly RolloutRecord[], phase: string) => trail.find((record) => record.phase === phase);
const secondsBetween = (trail: readonly RolloutRecord[], from: string, to: string) =>
  (Date.parse(at(trail, to)?.atIso ?? '') - Date.parse(at(trail, from)?.atIso ?? '')) / 1000;
const greenOf = (trail: readonly RolloutRecord[]) => trail[0]?.green ?? '';

/** Answers of `putTraffic` from now on; null: as usual. */
function answerTrafficWrites(app: VirtualApp, answer: () => WriteOutcome | null): void {
  const write = app.azure.putTraffic.bind(app.azure);
  app.azure.putTraffic = async (endpoint, split) => answer() ?? write(endpoint, split);
}

/** Changes what a read of green shows, as long as `change` gives something else. */
function showGreen(app: VirtualApp, change: (view: DeploymentView | null) => DeploymentView | null): void {
  const read = app.azure.getDeployment.bind(app.azure);
  app.azure.getDeployment = async (endpoint, deployment) => {
    const view = await read(endpoint, deployment);
    return deployment === app.azure.blue ? view : change(view);
  };
}

describe('a traffic write', () => {
  it('that is not in place in time ends the rollout as timed out', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('deploying'));
    answerTrafficWrites(app, () => ({ kind: 'busy', reason: 'an update runs' }));
    const trail = await app.until(id, has('rolling-back'));
    const seconds = secondsBetween(trail, 'mirroring', 'rolling-back');
    expect(seconds).toBeGreaterThan(600);
    expect(seconds).toBeLessThanOrEqual(620);
    expect(at(trail, 'rolling-back')).toMatchObject({
      code: 'timed-out',
      reason: expect.stringContaining('was not in place within 600 s.'),
    });
  });

  it('that Azure ML is too busy for is tried again until it is taken', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('deploying'));
    let busy = 5;
    answerTrafficWrites(app, () => (busy-- > 0 ? { kind: 'busy', reason: 'an update runs' } : null));
    await app.until(id, in_('mirroring'));
    await app.runMinutes(0.25);
    expect(await app.control.view(id)).toMatchObject({ customStatus: { note: 'Azure ML is busy: an update runs' } });
    expect((await app.until(id, ended)).at(-1)?.phase).toBe('promoted');
  });

  it('that Azure ML refuses ends the rollout with its words', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('deploying'));
    let refusals = 1;
    answerTrafficWrites(app, () => (refusals-- > 0 ? { kind: 'refused', reason: 'no quota' } : null));
    const trail = await app.until(id, has('rolling-back'));
    expect(at(trail, 'rolling-back')).toMatchObject({
      code: 'endpoint-unusable',
      reason: expect.stringMatching(/refused.*no quota/),
    });
    expect((await app.until(id, ended)).at(-1)?.phase).toBe('rolled-back');
    expect(app.azure.split).toEqual({ traffic: { [app.azure.blue]: 100 }, mirror: {} });
  });

  it('of the rollback that is refused calls a person, and ends once it is taken', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('watching'));
    let isRefused = true;
    answerTrafficWrites(app, () => (isRefused ? { kind: 'refused', reason: 'locked' } : null));
    await app.post(id, { type: 'abort', by: 'ada', reason: 'r' });
    const called = await app.until(id, needsOperator);
    expect(called.at(-1)?.reason).toMatch(/^Putting back .*\. Azure ML refuses it: locked$/);
    isRefused = false;
    expect((await app.until(id, ended)).at(-1)).toMatchObject({ phase: 'rolled-back', code: 'aborted' });
    expect(app.azure.split.traffic).toEqual({ [app.azure.blue]: 100 });
  });

  it('of the rollback that takes too long calls a person, and goes on trying', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('watching'));
    let isBusy = true;
    answerTrafficWrites(app, () => (isBusy ? { kind: 'busy', reason: 'an update runs' } : null));
    await app.post(id, { type: 'abort', by: 'ada', reason: 'r' });
    const called = await app.until(id, needsOperator);
    expect(called.at(-1)?.reason).toMatch(/It takes longer than 600 s\.$/);
    isBusy = false;
    expect((await app.until(id, ended)).at(-1)?.phase).toBe('rolled-back');
  });
});

describe("somebody else's traffic change", () => {
  const theirs = (app: VirtualApp) => ({ traffic: { [app.azure.blue]: 70, other: 30 }, mirror: {} });

  it('that is found by a traffic write pauses the rollout, and is overruled by the resume alone', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('deploying'));
    app.azure.changeTrafficByHand(theirs(app));
    const paused = await app.until(id, needsOperator);
    expect(paused.at(-1)).toMatchObject({ phase: 'mirroring' });
    await app.runMinutes(5);
    expect(app.azure.split).toEqual(theirs(app));
    await app.post(id, { type: 'resume', by: 'ada', reason: 'a mistake' });
    const trail = await app.until(id, ended);
    expect(trail.at(-1)?.phase).toBe('promoted');
    const shifts = journalOf(app, greenOf(trail)).filter((line) => line.startsWith('shift'));
    expect(shifts.slice(0, 3)).toEqual([
      'shift to blue 100 % (mirror: green 20 %), own splits 6',
      'shift to blue 100 % (mirror: green 20 %), own splits 6, force',
      'shift to green 10 %, blue 90 %, own splits 6',
    ]);
  });

  it('that is found while watching is overruled once after the resume, and the stretch begins anew', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('watching'));
    await app.runMinutes(1);
    app.azure.changeTrafficByHand(theirs(app));
    await app.until(id, needsOperator);
    await app.post(id, { type: 'resume', by: 'ada', reason: 'a mistake' });
    const trail = await app.until(id, ended);
    const forced = journalOf(app, greenOf(trail)).filter((line) => line.includes('force'));
    expect(forced).toEqual(['shift to green 10 %, blue 90 %, force']);
    const stretches = app.calls.flatMap(({ name, input }) =>
      name === 'judgeTraffic' ? [(input as { stretch: { phase: string; sinceMs: number } }).stretch] : [],
    );
    const begun = new Set(stretches.map(({ phase, sinceMs }) => `${phase} ${sinceMs}`));
    expect([...begun].map((each) => each.split(' ')[0])).toEqual([
      'shadowing',
      'watching',
      'watching',
      'watching',
      'baking',
    ]);
  });

  it('during retiring keeps blue until it is undone, and a person is told', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, in_('baking'));
    const green = greenOf(await app.audit.listRollout(id));
    await app.until(id, in_('retiring'));
    app.azure.changeTrafficByHand({ traffic: { [app.azure.blue]: 60, [green]: 40 }, mirror: {} });
    const told = await app.until(id, needsOperator);
    expect(told.at(-1)?.reason).toMatch(/blue is kept until it is put back/);
    expect(app.azure.deletions).toEqual([]);
  });
});

describe('green while it is made', () => {
  it('that vanishes is asked for again', async () => {
    const app = await openVirtualApp();
    const id = await app.start(noApproval, '2');
    await app.until(id, () => app.calls.filter(({ name }) => name === 'readDeployment').length >= 2);
    const green = [...app.azure.deployments.keys()].at(-1) ?? '';
    app.azure.deployments.delete(green);
    expect((await app.until(id, ended)).at(-1)?.phase).toBe('promoted');
    expect(app.calls.filter(({ name }) => name === 'createGreen')).toHaveLength(2);
  });

  it('whose namesake is still being deleted is asked for again once that is gone', async () => {
    const app = await openVirtualApp();
    let reads = 3;
    showGreen(app, (view) => (view && reads-- > 0 ? { ...view, provisioningState: 'Deleting' } : view));
    const id = await app.start(noApproval, '2');
    expect((await app.until(id, ended)).at(-1)?.phase).toBe('promoted');
    expect(app.calls.filter(({ name }) => name === 'createGreen').length).toBeGreaterThan(1);
  });

  it('that is not ready in time is given up at the policy\u2019s limit', async () => {
    const app = await openVirtualApp();
    app.azure.greenBehaviour = { ...app.azure.greenBehaviour, readyAfterMs: null };
    const id = await app.start(noApproval, '2');
    const trail = await app.until(id, has('rolling-back'));
    const seconds = secondsBetween(trail, 'deploying', 'rolling-back');
    expect(seconds).toBeGreaterThan(600);
    expect(seconds).toBeLessThanOrEqual(620);
    expect(at(trail, 'rolling-back')?.reason).toBe(`${greenOf(trail)} was not ready within 600 s.`);
  });

  it('that Azure ML refuses ends the rollout with its words', async () => {
    const app = await openVirtualApp();
    app.azure.putDeployment = async () => ({ kind: 'refused', reason: 'no quota' });
    const id = await app.start(noApproval, '2');
    const trail = await app.until(id, ended);
    expect(trail.at(-1)).toMatchObject({
      code: 'deployment-failed',
      reason: expect.stringContaining(`Azure ML refused ${greenOf(trail)}: no quota`),
    });
  });

  it('that serves already, since the version was deployed before, ends the rollout as ignored', async () => {
    const app = await openVirtualApp();
    const green = deploymentNameOf('air-time' as ModelName, '2' as ModelVersion);
    const spec = { instanceCount: 2, version: '1', tags: {} } as unknown as DeploymentSpec;
    app.azure.deployments.set(green, { createdMs: 0, spec, behaviour: { ...HEALTHY, readyAfterMs: 0 } });
    app.azure.changeTrafficByHand({ traffic: { [green]: 100 }, mirror: {} });
    const trail = await app.until(await app.start(noApproval, '2'), ended);
    expect(trail.at(-1)).toMatchObject({ phase: 'ignored', reason: `${green} serves flights already.` });
  });
});

describe('an approval', () => {
  it('that nobody gives expires at its deadline, not before', async () => {
    const app = await openVirtualApp();
    const id = await app.start(aPolicy(), '2');
    const trail = await app.until(id, has('rolling-back'));
    const seconds = secondsBetween(trail, 'awaiting-approval', 'rolling-back');
    expect(seconds).toBeGreaterThanOrEqual(3600);
    expect(seconds).toBeLessThanOrEqual(3605);
  });

  it('for the promotion of a first version is asked without judging anything', async () => {
    const app = await openVirtualApp();
    app.azure.changeTrafficByHand({ traffic: {}, mirror: {} });
    const id = await app.start(aPolicy({ approval: { beforeWeights: [100], timeoutSeconds: 600 } }), '2');
    const trail = await app.until(id, ended);
    expect(trail.map(({ phase }) => phase)).toContain('awaiting-approval');
    expect(trail.at(-1)).toMatchObject({ phase: 'rolled-back', code: 'approval-expired' });
    expect(app.calls.some(({ name }) => name === 'judgeTraffic')).toBe(false);
  });

  it('that is declined ends the rollout with the reason', async () => {
    const app = await openVirtualApp();
    const id = await app.start(aPolicy(), '2');
    await app.until(id, in_('awaiting-approval'));
    await app.runMinutes(1);
    const approvalId = `${id}.w50`;
    const grant = { kind: 'approval', approvalId, answer: 'decline' } as const;
    const token = await app.tokens.mint({ subject: 'ada', grant, expiresAtMs: app.clock.nowMs() + 60_000 });
    await app.post(id, { type: 'decline', approvalId, token, reason: 'not before the holidays' });
    const trail = await app.until(id, ended, 5);
    expect(trail.at(-1)).toMatchObject({
      phase: 'rolled-back',
      code: 'approval-declined',
      reason: expect.stringContaining('not before the holidays'),
    });
  });
});
