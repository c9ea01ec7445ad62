/** What a scale-out asks of Azure, call by call, what it tells people in full, and its last poll. */
import { describe, expect, it } from 'vitest';
import { SCALE_OUT_ORCHESTRATOR } from '../../../src/contracts/names.ts';
import { type ScaleOutRequest, scaleOutIdOf } from '../../../src/domain/alerts/scale-out.ts';
import type { DeploymentName, EndpointName } from '../../../src/domain/ids/names.ts';
import { BLUE, ROLLOUT } from './expected-calls.ts';
import { openQuickApp, QUICK } from './quick-rollout.ts';
import type { Interception } from './virtual-app.ts';

const FLIGHTS = 'flights' as EndpointName;
const ID = scaleOutIdOf(FLIGHTS, 'alert.1');
const START_MS = Date.UTC(2026, 2, 1, 12);

async function start(intercept?: Interception, maxInstanceCount = 5) {
  const app = await openQuickApp(intercept);
  const request: ScaleOutRequest = {
    ...{ scaleOutId: ID, endpoint: FLIGHTS, deployment: BLUE as DeploymentName, maxInstanceCount, reason: 'Slow.' },
    requestedAtIso: new Date(START_MS).toISOString(),
  };
  await app.control.startOnce(SCALE_OUT_ORCHESTRATOR, ID, request);
  return { app, request };
}

const told = (seconds: number, outcome: string) => ({
  id: `${ID}.told`,
  type: 'Slipway.Alert.OperatorNeeded',
  subject: 'endpoints/flights',
  timeIso: new Date(START_MS + seconds * 1000).toISOString(),
  data: { endpoint: 'flights', deployment: BLUE, reason: `Slow. ${outcome}` },
});

describe('a scale-out', () => {
  it('reads, asks for one more, reads it back, and tells', async () => {
    const { app, request } = await start();
    await app.runMinutes(1);
    const outcome = `${BLUE} has 4 instances now, one more than before.`;
    const event = told(15, outcome);
    expect(app.calls.map(({ name, input, atMs }) => [(atMs - START_MS) / 1000, name, input])).toEqual([
      [0, 'readCapacity', request],
      [0, 'readCapacity', request],
      [0, 'setCapacity', { endpoint: 'flights', deployment: BLUE, instanceCount: 4 }],
      [15, 'readCapacity', request],
      [15, 'announce', event],
    ]);
    expect(app.published).toEqual([event]);
    expect(await app.control.view(ID)).toMatchObject({ status: 'completed', output: { scaleOutId: ID, outcome } });
  });

  it('waits while Azure is changing, and asks for nothing meanwhile', async () => {
    let left = 3;
    const { app } = await start(({ name }) => {
      if (name !== 'readCapacity' || left === 0) return undefined;
      left -= 1;
      return { exists: true, settled: false, instanceCount: 3 };
    });
    await app.runMinutes(2);
    const asked = app.calls.filter(({ name }) => name === 'setCapacity').map(({ atMs }) => (atMs - START_MS) / 1000);
    expect(asked).toEqual([30]);
  });

  it('that another one overtook asks for nothing', async () => {
    let reads = 0;
    const { app } = await start(({ name }) => {
      if (name !== 'readCapacity') return undefined;
      reads += 1;
      return { exists: true, settled: true, instanceCount: reads === 1 ? 3 : 5 };
    });
    await app.runMinutes(1);
    expect(app.published).toEqual([told(0, `${BLUE} has 5 instances now, one more than before.`)]);
  });

  it('gives up after 120 polls of 15 seconds', async () => {
    const { app } = await start(({ name }) =>
      name === 'readCapacity' ? { exists: true, settled: false, instanceCount: 3 } : undefined,
    );
    await app.runMinutes(31);
    expect(app.calls.filter(({ name }) => name === 'readCapacity')).toHaveLength(121);
    expect(app.published).toEqual([told(1800, `Azure ML did not bring ${BLUE} to 4 instances in time.`)]);
    expect(await app.control.readLane(FLIGHTS)).toMatchObject({ holder: null });
  });

  it.each([
    ['at the limit', undefined, 3, `${BLUE} has 3 instances, the most that the policy allows.`],
    ['gone', { exists: false, settled: false, instanceCount: 0 }, 5, `Deployment ${BLUE} is not there any more.`],
  ])('of a deployment that is %s asks for nothing, and says so', async (_what, answer, limit, outcome) => {
    const { app } = await start(({ name }) => (name === 'readCapacity' ? answer : undefined), limit);
    await app.runMinutes(1);
    expect(app.calls.map(({ name }) => name)).toEqual(['readCapacity', 'announce']);
    expect(app.published).toEqual([told(0, outcome)]);
  });

  it('that Azure refuses says why', async () => {
    const { app } = await start(({ name }) =>
      name === 'setCapacity' ? { kind: 'refused', reason: 'No quota.' } : undefined,
    );
    await app.runMinutes(1);
    expect(app.published).toEqual([told(0, `Azure ML refused 4 instances of ${BLUE}: No quota.`)]);
  });

  it('steps back from a rollout, which it does not disturb, and says so', async () => {
    const app = await openQuickApp(({ name }) =>
      name === 'judgeTraffic'
        ? { decision: 'continue', sentence: '', verdicts: [], basis: null, evidence: 'e' }
        : undefined,
    );
    await app.start(QUICK, '2');
    await app.until(ROLLOUT, (trail) => trail.at(-1)?.phase === 'shadowing');
    const request = { scaleOutId: ID, endpoint: FLIGHTS, deployment: BLUE, maxInstanceCount: 5, reason: 'Slow.' };
    await app.control.startOnce(SCALE_OUT_ORCHESTRATOR, ID, {
      ...request,
      requestedAtIso: new Date(app.clock.nowMs()).toISOString(),
    });
    await app.runMinutes(0.5);
    expect(app.published.filter(({ type }) => type === 'Slipway.Alert.OperatorNeeded').map(({ data }) => data)).toEqual(
      [{ endpoint: 'flights', deployment: BLUE, reason: 'Slow. A rollout holds the endpoint now.' }],
    );
    expect(app.calls.filter(({ name }) => name === 'wakeRollout')).toEqual([]);
    expect(await app.control.readLane(FLIGHTS)).toMatchObject({ holder: { id: ROLLOUT }, waiting: [] });
  });

  it('wakes the rollout that waited for it', async () => {
    const { app } = await start(({ name }) =>
      name === 'readCapacity' && isBusy ? { exists: true, settled: false, instanceCount: 3 } : undefined,
    );
    let isBusy = true;
    await app.runMinutes(0.5);
    await app.start(QUICK, '2');
    await app.runMinutes(0.5);
    expect(await app.control.view(ROLLOUT)).toMatchObject({
      customStatus: { phase: 'queued', note: `${ID} holds flights; 0 rollouts are ahead.` },
    });
    isBusy = false;
    await app.runMinutes(1);
    expect(app.calls.filter(({ name }) => name === 'wakeRollout').map(({ input }) => input)).toEqual([
      { rolloutId: ROLLOUT },
    ]);
    expect((await app.audit.listRollout(ROLLOUT)).length).toBeGreaterThan(0);
  });
});
