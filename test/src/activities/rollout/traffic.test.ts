/** shiftTraffic and readTraffic: one step at a time, and never over somebody else's change. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createReadTraffic } from '../../../../src/activities/rollout/read-traffic.ts';
import { createShiftTraffic } from '../../../../src/activities/rollout/shift-traffic.ts';
import type { EndpointName } from '../../../../src/domain/ids/names.ts';
import type { TrafficSplit } from '../../../../src/domain/rollout/traffic-split.ts';
import { InMemoryPlatform } from '../../fakes/in-memory-platform.ts';
import { BLUE, FLIGHTS, GREEN } from '../names.ts';

const OLD: TrafficSplit = { traffic: { blue: 100 }, mirror: {} };
const WANTED: TrafficSplit = { traffic: { blue: 90, green: 10 }, mirror: {} };
const FOREIGN: TrafficSplit = { traffic: { blue: 60, green: 40 }, mirror: {} };

let platform: InMemoryPlatform;
beforeEach(() => {
  platform = new InMemoryPlatform();
  platform.addEndpoint(FLIGHTS, OLD);
  platform.addDeployment(FLIGHTS, BLUE);
  platform.addDeployment(FLIGHTS, GREEN);
});

describe('shiftTraffic', () => {
  const shift = (changes: { wanted?: TrafficSplit; force?: boolean; rewrite?: boolean } = {}) =>
    createShiftTraffic(platform)({
      endpoint: FLIGHTS,
      wanted: WANTED,
      expected: [OLD],
      force: false,
      rewrite: false,
      ...changes,
    });

  test('a change is submitted, waited for and found in place', async () => {
    expect(await shift()).toEqual({ kind: 'submitted' });
    expect(await shift()).toMatchObject({ kind: 'busy', reason: expect.stringMatching(/Updating/) });
    platform.settle();
    expect(await shift()).toEqual({ kind: 'in-place' });
    expect(platform.writes).toHaveLength(1);
  });

  test('a split that this rollout did not make is reported and left alone', async () => {
    platform.setSplit(FLIGHTS, FOREIGN);
    expect(await shift()).toEqual({ kind: 'foreign-change', actual: FOREIGN });
    expect(platform.writes).toEqual([]);
  });

  test('by force a foreign split is overwritten', async () => {
    platform.setSplit(FLIGHTS, FOREIGN);
    expect(await shift({ force: true })).toEqual({ kind: 'submitted' });
    platform.settle();
    expect((await platform.getEndpoint(FLIGHTS))?.split).toEqual(WANTED);
  });

  test('a split that only reads as in place is written when a rewrite is asked for', async () => {
    expect(await shift({ wanted: OLD })).toEqual({ kind: 'in-place' });
    expect(await shift({ wanted: OLD, rewrite: true })).toEqual({ kind: 'submitted' });
    expect(platform.writes).toHaveLength(1);
  });

  test('an endpoint whose last operation failed is written again, even where the split looks right', async () => {
    platform.addEndpoint(FLIGHTS, WANTED, 'Failed');
    platform.addDeployment(FLIGHTS, BLUE);
    platform.addDeployment(FLIGHTS, GREEN);
    expect(await shift()).toEqual({ kind: 'submitted' });
  });

  test('what Azure refuses is refused with its reason', async () => {
    const wanted = { traffic: { blue: 90, nobody: 10 }, mirror: {} };
    expect(await shift({ wanted })).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/nobody/) });
    const nowhere = { endpoint: 'absent' as EndpointName, wanted: WANTED, expected: [], force: false, rewrite: false };
    expect(await createShiftTraffic(platform)(nowhere)).toMatchObject({ kind: 'refused' });
  });
});

describe('readTraffic', () => {
  const read = (endpoint = FLIGHTS) => createReadTraffic(platform)({ endpoint });

  test('a settled endpoint shows its split', async () => {
    expect(await read()).toEqual({ exists: true, settled: true, provisioningState: 'Succeeded', split: OLD });
  });

  test('during an operation and after a failed one it is not settled', async () => {
    await platform.putTraffic(FLIGHTS, WANTED);
    expect(await read()).toMatchObject({ settled: false, provisioningState: 'Updating' });
    platform.addEndpoint(FLIGHTS, OLD, 'Failed');
    expect(await read()).toMatchObject({ settled: false, provisioningState: 'Failed' });
  });

  test('an unknown endpoint does not exist', async () => {
    expect(await read('absent' as EndpointName)).toMatchObject({ exists: false, settled: false });
  });
});
