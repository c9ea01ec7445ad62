/** What is done for a rollout whose orchestration is gone, by the last phase that it reported. */
import { expect, it } from 'vitest';
import type { RolloutHolder } from '../../../../src/domain/lane/lane.ts';
import { FIRST_RECOVERY_SEQUENCE, recoveryOf } from '../../../../src/domain/lane/recovery.ts';
import { aClaim } from '../a-claim.ts';
import { aPolicy, aSnapshot, aState, NOW } from '../a-policy.ts';

const CREATED = '2026-02-28T00:00:00.000Z';
const LATER = '2026-03-01T15:00:00.000Z';
const HOLDER: RolloutHolder = {
  ...aClaim('rollout.flights.air-time.2.1', { versionCreatedAtIso: CREATED }),
  sinceIso: NOW,
  lastSeenIso: NOW,
  snapshot: aSnapshot(),
};

const lost = (lastPhase: string | null) =>
  recoveryOf({ holder: HOLDER, policy: aPolicy(), lastPhase, why: 'terminated' }, LATER);

it.each([null, 'preparing', 'watching', 'promoting', 'baking', 'rolling-back'])(
  'after %s the snapshot is put back and green is removed',
  (lastPhase) => {
    const reason = `The orchestration of ${HOLDER.id} is gone (terminated); its rollback is done for it.`;
    expect(lost(lastPhase)).toEqual({
      ...aState(),
      rolloutId: HOLDER.id,
      green: HOLDER.green,
      cause: { kind: 'retry', reference: 'watchdog' },
      requestedAtIso: LATER,
      phaseSinceIso: LATER,
      versionCreatedAtIso: CREATED,
      auditSequence: FIRST_RECOVERY_SEQUENCE,
      phase: 'rolling-back',
      note: reason,
      snapshot: aSnapshot(),
      greenRequested: true,
      trafficTouched: true,
      rollback: { code: 'orchestration-lost', reason, actor: 'watchdog', failedMetrics: [] },
    });
  },
);

it.each(['retiring', 'promoted'])('after %s green serves everything and only blue is removed', (lastPhase) => {
  expect(lost(lastPhase)).toMatchObject({
    phase: 'retiring',
    note: `The orchestration of ${HOLDER.id} is gone (terminated); green serves everything, so its last clean-up is done for it.`,
    greenRequested: false,
    trafficTouched: true,
    rollback: null,
  });
});

it('audit numbers begin after any that the lost orchestration can have used', () => {
  expect(FIRST_RECOVERY_SEQUENCE).toBe(1_000_000);
});
