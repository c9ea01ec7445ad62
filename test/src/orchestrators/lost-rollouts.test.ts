/** A rollout whose orchestration was terminated, on the real durable-functions engine in virtual time: its own endpoint is cleaned up. */
import { describe, expect, it } from 'vitest';
import type { EndpointName } from '../../../src/domain/ids/names.ts';
import { createPolicies, type Policies } from '../../../src/domain/policy/policies.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { createManagedClient } from './managed-client.ts';
import { openVirtualApp, type VirtualApp } from './virtual-app.ts';

const DEPARTURES = aPolicy({ name: 'departures', endpoint: 'departures' as EndpointName, approval: null });
const FLIGHTS = aPolicy({ approval: null });

/** Terminates a rollout on `flights` in its first step; tells the endpoints that are written from then on. */
async function terminated(policies: Policies): Promise<{ app: VirtualApp; written: Set<string> }> {
  const app = await openVirtualApp({ policies });
  const rolloutId = await app.start(FLIGHTS, '2');
  await app.until(rolloutId, (trail) => trail.at(-1)?.phase === 'watching');
  await createManagedClient(app.host).terminate(rolloutId, 'by hand');
  const written = new Set<string>();
  const putTraffic = app.azure.putTraffic.bind(app.azure);
  app.azure.putTraffic = (endpoint, split) => {
    written.add(endpoint);
    return putTraffic(endpoint, split);
  };
  await app.runMinutes(1);
  return { app, written };
}

describe('a terminated rollout whose model has policies on two endpoints', () => {
  it.each([
    ['first', [FLIGHTS, DEPARTURES]],
    ['second', [DEPARTURES, FLIGHTS]],
  ])('is rolled back on its own endpoint when its policy is the %s', async (_place, policies) => {
    const { app, written } = await terminated(createPolicies(policies));
    const warnings: string[] = [];
    const log = { log: () => undefined, warn: (text: string) => warnings.push(text), error: () => undefined };
    await app.app.timers.timers.watchLanes(app.control, log);
    expect(warnings).toEqual(['Cleaning up after lost rollouts: recover.rollout.flights.air-time.2.1.1']);
    await app.runMinutes(5);
    expect([...written]).toEqual(['flights']);
    expect(app.azure.split.traffic).toEqual({ [app.azure.blue]: 100 });
    expect(await app.control.readLane(FLIGHTS.endpoint)).toMatchObject({ holder: null, waiting: [] });
    expect(await app.control.readLane(DEPARTURES.endpoint)).toBeNull();
  });
});
