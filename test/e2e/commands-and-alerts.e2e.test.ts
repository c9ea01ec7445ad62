/** What comes in by Service Bus and by Azure Monitor's alerts: commands in their order, a slow green that is taken back, a slow endpoint that is not. */
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLatencyRules } from '../../demo/azure/latency-rule.ts';
import type { DeploymentName } from '../../src/domain/ids/names.ts';
import { servedRequest } from '../local/monitor/monitor-fixture.ts';
import { eventually } from './world/eventually.ts';
import { givenVersion1Serves, type Lane } from './world/given.ts';
import { trailText } from './world/read-records.ts';
import { startWorld, type World } from './world/start-world.ts';
import { thenIsRolledBack, thenReaches, thenTheClientSawNoFailure, thenTrailHas } from './world/then.ts';
import { idOf, whenVersionIsRegistered } from './world/when.ts';

const THRESHOLD_MS = 500;
const SLOW_MS = 2000;

let world: World;
let bus: ServiceBusClient;
let queued: Lane;
let slow: Lane;
let busy: Lane;

beforeAll(async () => {
  world = await startWorld({
    name: 'commands',
    lanes: { queued: { shadow: true, dwellBuckets: 60 }, slow: { dwellBuckets: 60 }, busy: { dwellBuckets: 60 } },
  });
  bus = new ServiceBusClient(world.stack.credentials.serviceBusConnectionString);
  world.cleanUps.push(() => bus.close());
  [queued, slow, busy] = (await Promise.all(
    ['queued', 'slow', 'busy'].map((lane) => givenVersion1Serves(world, lane)),
  )) as [Lane, Lane, Lane];
});
afterAll(() => world?.stop());

async function send(
  lane: Lane,
  ...commands: readonly ({ readonly id: string } & Record<string, unknown>)[]
): Promise<void> {
  const sender = bus.createSender('rollout-commands');
  for (const command of commands) {
    const body = { endpoint: lane.endpoint, by: 'ada', ...command };
    await sender.sendMessages({ body, messageId: command.id, sessionId: lane.endpoint });
  }
  await sender.close();
}

test('commands of the queue start, pause and abort a rollout in their order; a repeat and a bad message change nothing', async () => {
  const { model } = queued;
  const abort = { id: 'q3', command: 'abort', reason: 'Changed my mind.' };
  await world.arm.put(`/models/${model}/versions/2`, {
    properties: { modelType: 'custom_model', modelUri: world.modelUri, tags: {} },
  });
  await send(
    queued,
    { id: 'q1', command: 'start', model, version: '2' },
    { id: 'q2', command: 'pause', model, version: '2', reason: 'Wait.' },
    { id: 'bad', command: 'explode' },
    abort,
    abort,
  );
  const rolloutId = idOf(queued, '2', 1);
  const trail = await eventually({
    what: 'the rollout is rolled back',
    read: () => world.records.trail(rolloutId),
    isDone: (records) => records.at(-1)?.phase === 'rolled-back',
  });
  const said = trail.filter(({ actor }) => actor.startsWith('ada')).map(({ kind, reason }) => `${kind} ${reason}`);
  expect(said, trailText(trail)).toEqual([
    expect.stringContaining('Wait.'),
    expect.stringContaining('Changed my mind.'),
  ]);
  const dead = bus.createReceiver('rollout-commands', { subQueueType: 'deadLetter', receiveMode: 'receiveAndDelete' });
  expect((await dead.receiveMessages(2, { maxWaitTimeInMs: 2000 })).map(({ messageId }) => messageId)).toEqual(['bad']);
  await dead.close();
  thenTheClientSawNoFailure(queued);
});

async function givenLatencyRule(lane: Lane): Promise<void> {
  const { addresses, identity, workspaceArmId } = world.stack;
  const rules = createLatencyRules({
    monitorUrl: addresses.monitor,
    appUrl: addresses.host,
    workspaceArmId,
    grainSeconds: 1,
    managementToken: async () => (await identity.issueToken('https://management.azure.com')).value,
  });
  await rules.put(lane.endpoint, THRESHOLD_MS);
}

/** Slow requests as Azure Monitor saw them, for some seconds around now. */
function whenRequestsAreSlow(lane: Lane, ...deployments: readonly DeploymentName[]): void {
  const { services, workspaceArmId, workspace } = world.stack;
  const nowMs = Date.now();
  for (const deploymentName of deployments) {
    for (let index = 0; index < 200; index += 1) {
      services.monitor.sink.record(
        servedRequest({
          endpointResourceId: `${workspaceArmId}/onlineEndpoints/${lane.endpoint}`,
          endpointName: lane.endpoint,
          deploymentName,
          workspaceName: workspace.name,
          workspaceId: workspace.workspaceId,
          startedAtMs: nowMs - 1000 - SLOW_MS + index * 15,
          responseDurationMs: SLOW_MS,
          totalDurationMs: SLOW_MS,
        }),
      );
    }
  }
}

test('a latency alert about green alone takes the rollout back', async () => {
  await givenLatencyRule(slow);
  const rolloutId = await whenVersionIsRegistered(world, slow, '2');
  const [record] = await thenReaches(world, rolloutId, 'watching');
  whenRequestsAreSlow(slow, record?.green as DeploymentName);
  await thenIsRolledBack(world, slow, '2', rolloutId);
  const trail = await world.records.trail(rolloutId);
  expect(trail.at(-1), trailText(trail)).toMatchObject({ code: 'latency-alert' });
  thenTheClientSawNoFailure(slow);
});

test('one about both deployments holds the rollout and calls a person', async () => {
  await givenLatencyRule(busy);
  const rolloutId = await whenVersionIsRegistered(world, busy, '2');
  const [record] = await thenReaches(world, rolloutId, 'watching');
  whenRequestsAreSlow(busy, record?.green as DeploymentName, busy.blue);
  await thenTrailHas(world, rolloutId, 'a person is called', ({ kind }) => kind === 'operator-needed');
  const trail = await world.records.trail(rolloutId);
  expect(
    trail.some(({ reason }) => reason.includes('is slow as well')),
    trailText(trail),
  ).toBe(true);
  expect(trail.some(({ phase }) => phase === 'rolling-back')).toBe(false);
  await send(busy, { id: 'b1', command: 'abort', reason: 'Done looking.' });
  await thenIsRolledBack(world, busy, '2', rolloutId);
});
