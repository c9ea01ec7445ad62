/** Approvals in whole rollouts: what is asked and when, what counts as an answer, and both ends of the time for it. */
import { describe, expect, it } from 'vitest';
import type { RolloutRecord } from '../../../src/domain/audit/record.ts';
import { isFinal } from '../../../src/domain/rollout/phase.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { BLUE, GREEN, HALF, judge, OLD, ROLLOUT, readTraffic, SHADOW, TEN } from './expected-calls.ts';
import { storyOf } from './story-of.ts';
import { openVirtualApp, type VirtualApp } from './virtual-app.ts';

const HOUR = 3_600_000;
const ended = (trail: readonly RolloutRecord[]) => trail.some(({ phase }) => isFinal(phase));
const asks = (trail: readonly RolloutRecord[]) => trail.at(-1)?.phase === 'awaiting-approval';
const asking = (...beforeWeights: number[]) => aPolicy({ approval: { beforeWeights, timeoutSeconds: 3600 } });
/** Asks first, with nothing live yet. */
const askingFirst = { ...asking(10), shadow: null };

async function answer(app: VirtualApp, type: 'approve' | 'decline', weight: number): Promise<string> {
  const approvalId = `${ROLLOUT}.w${weight}`;
  const grant = { kind: 'approval', approvalId, answer: type } as const;
  const token = await app.tokens.mint({ subject: 'ada', grant, expiresAtMs: app.clock.nowMs() + HOUR });
  await app.post(ROLLOUT, { type, approvalId, token, reason: 'fine' });
  return token;
}

describe('an approval before every step and the promotion', () => {
  it('is asked for once each, of the situation as it is, and moves on to that step only', async () => {
    const app = await openVirtualApp();
    await app.start(asking(10, 50, 100), '2');
    for (const weight of [10, 50, 100]) {
      await app.until(ROLLOUT, asks);
      await app.runMinutes(2);
      await answer(app, 'approve', weight);
      await app.until(ROLLOUT, (trail) => !asks(trail));
    }
    const trail = await app.until(ROLLOUT, ended);
    expect(trail.filter(({ kind }) => kind === 'phase-changed').map(({ phase }) => phase)).toEqual([
      ...['preparing', 'deploying', 'smoke-testing', 'mirroring', 'shadowing', 'awaiting-approval', 'shifting'],
      ...['watching', 'awaiting-approval', 'shifting', 'watching', 'awaiting-approval', 'promoting', 'baking'],
      ...['retiring', 'promoted'],
    ]);
    const begun = trail.filter(({ kind, phase }) => kind === 'phase-changed' && phase === 'awaiting-approval');
    expect(app.calls.filter(({ name }) => name === 'requestApproval').map(({ input }) => input)).toEqual(
      begun.map(({ atIso, reason }, index) => {
        const weight = [10, 50, 100][index];
        return {
          endpoint: 'flights',
          model: 'air-time',
          version: '2',
          rolloutId: ROLLOUT,
          approvalId: `${ROLLOUT}.w${weight}`,
          weight,
          deadlineIso: new Date(Date.parse(atIso) + HOUR).toISOString(),
          situation: reason,
          nowIso: atIso,
        };
      }),
    );
    expect(begun.map(({ split }) => split)).toEqual([SHADOW, TEN, HALF]);
  });

  it('goes on judging what is live meanwhile, with the split of the step before', async () => {
    const app = await openVirtualApp();
    const policy = asking(50);
    await app.start(policy, '2');
    await app.until(ROLLOUT, asks);
    await app.runMinutes(3);
    const [, ...looks] = storyOf(app.calls).at(-1)?.asked ?? [];
    const [[, input]] = [judge(policy, { phase: 'watching', dwellBuckets: 5, lastStep: true, blueServed: true })];
    const sinceMs = expect.any(Number);
    expect(looks).toEqual([
      readTraffic,
      [
        'judgeTraffic',
        { ...input, stretch: { phase: 'watching', dwellBuckets: 5, lastStep: true, blueServed: true, sinceMs } },
      ],
    ]);
    app.azure.telemetryFlows = false;
    expect((await app.until(ROLLOUT, ended)).at(-1)).toMatchObject({ phase: 'rolled-back', code: 'no-data' });
  });

  it('without shadow, before the first step, has nothing to judge and waits', async () => {
    const app = await openVirtualApp();
    await app.start(askingFirst, '2');
    await app.until(ROLLOUT, asks);
    await app.runMinutes(30);
    expect(
      storyOf(app.calls)
        .at(-1)
        ?.asked.map(([name]) => name),
    ).toEqual(['requestApproval']);
    await answer(app, 'approve', 10);
    const trail = await app.until(ROLLOUT, (all) => all.at(-1)?.phase === 'watching');
    expect(trail.at(-1)?.reason).toBe(`${GREEN} 10 %, ${BLUE} 90 % is in place.`);
  });
});

describe('an answer', () => {
  it('is verified with the token, the answer and the time at which it came', async () => {
    const app = await openVirtualApp();
    await app.start(askingFirst, '2');
    await app.until(ROLLOUT, asks);
    await app.runMinutes(1);
    const receivedAtIso = new Date(app.clock.nowMs()).toISOString();
    const token = await answer(app, 'decline', 10);
    const trail = await app.until(ROLLOUT, ended);
    expect(app.calls.filter(({ name }) => name === 'verifyApproval').map(({ input }) => input)).toEqual([
      { approvalId: `${ROLLOUT}.w10`, answer: 'decline', token, receivedAtIso },
    ]);
    expect(trail.find(({ phase }) => phase === 'rolling-back')).toMatchObject({
      kind: 'phase-changed',
      from: 'awaiting-approval',
      reason: 'Declined by ada: fine',
      actor: 'approval link',
      code: 'approval-declined',
    });
    expect(app.azure.split).toEqual(OLD);
  });

  it.each([
    ['a second before the deadline counts', 3_599_000, 'shifting'],
    ['after the deadline does not', 3_605_000, 'rolling-back'],
  ])('%s', async (_when, afterMs, phase) => {
    const app = await openVirtualApp();
    const trail = await app.start(askingFirst, '2').then((id) => app.until(id, asks));
    const askedMs = Date.parse(trail.at(-1)?.atIso ?? '');
    await app.runMinutes((askedMs + afterMs - app.clock.nowMs()) / 60_000);
    await answer(app, 'approve', 10);
    const [next] = (await app.until(ROLLOUT, ended)).slice(trail.length);
    expect(next?.phase).toBe(phase);
    if (phase === 'rolling-back') {
      const deadlineIso = new Date(askedMs + HOUR).toISOString();
      expect(next).toMatchObject({ code: 'approval-expired', reason: `Nobody approved 10 % until ${deadlineIso}.` });
      expect(next?.atIso).toBe(deadlineIso);
    }
  });
});
