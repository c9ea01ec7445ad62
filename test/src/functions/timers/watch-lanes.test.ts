import { beforeEach, describe, expect, it } from 'vitest';
import { acquire, EMPTY_LANE, recordSnapshot } from '../../../../src/domain/lane/lane.ts';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import type { RolloutState } from '../../../../src/domain/rollout/state.ts';
import { createWatchLanes } from '../../../../src/functions/timers/watch-lanes.ts';
import { aClaim, aScaleOutClaim } from '../../domain/a-claim.ts';
import { aPolicy, aSnapshot, NOW } from '../../domain/a-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';

const LOST = 'rollout.flights.air-time.2.1';
const nowMs = Date.parse(NOW) + 60_000;
let control: InMemoryControl;
const warnings: string[] = [];
const watch = createWatchLanes({ nowMs: () => nowMs }, createPolicies([aPolicy()]));
const run = () => watch(control, (message) => warnings.push(message));

beforeEach(async () => {
  control = new InMemoryControl();
  warnings.length = 0;
  await control.startOnce('rollout', LOST, {});
  const held = acquire(EMPTY_LANE, aClaim(LOST), NOW).state;
  control.lanes.set('flights', recordSnapshot(held, LOST, aSnapshot()).state);
});

describe('the watchdog', () => {
  it('leaves a running holder alone', async () => {
    expect(await run()).toEqual([]);
  });

  it.each(['failed', 'terminated', 'completed'] as const)('rolls back for a holder that is %s', async (status) => {
    control.end(LOST, status, { phase: 'watching' });
    expect(await run()).toEqual([`recover.${LOST}.1`]);
    const input = control.instances.get(`recover.${LOST}.1`)?.input as RolloutState;
    expect(input).toMatchObject({
      phase: 'rolling-back',
      snapshot: aSnapshot(),
      rollback: { code: 'orchestration-lost' },
      trafficTouched: true,
    });
    expect(await run()).toEqual([]);
  });

  it('gives the lane of a lost scale-out back: nothing of the rollout kind was begun', async () => {
    control.lanes.set('flights', acquire(EMPTY_LANE, aScaleOutClaim(), NOW).state);
    expect(await run()).toEqual([]);
    expect(control.lanes.get('flights')?.holder).toBeNull();
    expect(warnings).toEqual([]);
  });

  it('rolls back for a holder that was purged', async () => {
    control.instances.delete(LOST);
    expect(await run()).toEqual([`recover.${LOST}.1`]);
  });

  it('only releases the lane when green serves everything already', async () => {
    control.end(LOST, 'terminated', { phase: 'retiring' });
    await run();
    expect(control.instances.get(`recover.${LOST}.1`)?.input).toMatchObject({ phase: 'retiring', rollback: null });
  });

  it('tries again when a recovery was lost itself', async () => {
    control.end(LOST, 'terminated');
    await run();
    control.end(`recover.${LOST}.1`, 'terminated');
    expect(await run()).toEqual([`recover.${LOST}.2`]);
  });

  it('gives up after ten lost recoveries, and says so at each look', async () => {
    control.end(LOST, 'terminated');
    for (let count = 1; count <= 10; count += 1) {
      expect(await run()).toEqual([`recover.${LOST}.${count}`]);
      control.end(`recover.${LOST}.${count}`, 'terminated');
    }
    expect(warnings).toEqual([]);
    expect([await run(), await run()]).toEqual([[], []]);
    const told = `10 recoveries of ${LOST} ended without releasing its lane: release it by hand.`;
    expect(warnings).toEqual([told, told]);
  });

  it('leaves a holder alone for the ten seconds in which it may not be visible yet', async () => {
    control.end(LOST, 'failed', { phase: 'watching' });
    const at = (ms: number) => createWatchLanes({ nowMs: () => Date.parse(NOW) + ms }, createPolicies([aPolicy()]));
    expect(await at(9_999)(control, () => undefined)).toEqual([]);
    expect(await at(10_000)(control, () => undefined)).toEqual([`recover.${LOST}.1`]);
  });

  it('takes a dead rollout out of the queue', async () => {
    const lane = control.lanes.get('flights') ?? EMPTY_LANE;
    control.lanes.set('flights', acquire(lane, aClaim('gone'), NOW).state);
    await run();
    expect(control.lanes.get('flights')?.waiting).toEqual([]);
  });

  it('warns when no policy knows the model any more', async () => {
    control.end(LOST, 'failed');
    const other = createWatchLanes({ nowMs: () => nowMs }, createPolicies([aPolicy({ model: 'other' as never })]));
    expect(await other(control, (message) => warnings.push(message))).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/no policy governs air-time on flights any more: restore its policy flights/),
    ]);
  });
});
