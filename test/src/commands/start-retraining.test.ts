/** The start of a retraining: the same occasion has the same id, and only a policy that retrains starts one. */
import { describe, expect, it } from 'vitest';
import { scheduledTrigger, startRetraining } from '../../../src/commands/start-retraining.ts';
import type { RetrainingState } from '../../../src/domain/retraining/state.ts';
import { aPolicy, NOW } from '../domain/a-policy.ts';
import { aRetrainingPolicy } from '../domain/a-retraining-policy.ts';
import { InMemoryControl } from '../fakes/in-memory-control.ts';

const policy = aPolicy({ retrain: aRetrainingPolicy() });
const nowMs = Date.parse(NOW);

describe('a schedule', () => {
  it('that fires twice in one minute means one retraining, and another one in the next', async () => {
    const control = new InMemoryControl();
    const fire = (ms: number) => startRetraining(control, { policy, trigger: scheduledTrigger(ms), nowMs: ms });
    expect(await fire(nowMs)).toMatchObject({ started: true });
    expect(await fire(nowMs + 59_000)).toMatchObject({ started: false });
    expect(await fire(nowMs + 60_000)).toMatchObject({ started: true });
    const states = [...control.instances.values()].map(({ input }) => input as RetrainingState);
    expect(states).toMatchObject([
      { ignoreCoolDown: false, trigger: { kind: 'schedule', reference: NOW.slice(0, 16) } },
      { trigger: { kind: 'schedule' } },
    ]);
  });
});

describe('an occasion', () => {
  it('for a policy that does not retrain starts nothing', async () => {
    const control = new InMemoryControl();
    expect(await startRetraining(control, { policy: aPolicy(), trigger: scheduledTrigger(nowMs), nowMs })).toBeNull();
    expect(control.instances.size).toBe(0);
  });

  it('whose texts are long is told in bounded ones, and keeps its own id', async () => {
    const control = new InMemoryControl();
    const start = (reference: string) =>
      startRetraining(control, { policy, trigger: { kind: 'http', reference, sentence: 's'.repeat(9000) }, nowMs });
    const long = 'r'.repeat(9000);
    const [first, second] = [await start(`${long}1`), await start(`${long}2`)];
    expect(first?.retrainingId).not.toBe(second?.retrainingId);
    const state = control.instances.get(first?.retrainingId ?? '')?.input as RetrainingState;
    expect(state.trigger.reference).toHaveLength(300);
    expect(state.trigger.sentence).toHaveLength(1000);
  });
});
