/** Retrainings on the whole stack: jobs that really run, occasions that come twice or from strangers, refusals, aborts, outages. */
import { randomUUID } from 'node:crypto';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { RUN_STATUS_CHANGED } from '../../src/contracts/training-events.ts';
import { BREACH_TEXT } from '../src/functions/events/a-drift-event.ts';
import { eventually } from './world/eventually.ts';
import { givenVersion1Serves, type Lane } from './world/given.ts';
import { rowsOf } from './world/lane-policy.ts';
import {
  givenTrainingData,
  jobsOf,
  retrainingsOf,
  thenItsOneJobCompletes,
  thenTheRetrainingIs,
  whenARetrainingIsAskedFor,
} from './world/retrainings.ts';
import { startWorld, type World } from './world/start-world.ts';
import { idOf } from './world/when.ts';

/** How many seconds the training of each lane takes. */
const LANES = { fed: 0, proven: 0, refused: 0, blind: 0, slow: 90, drifting: 0 };
const versionSchema = z.object({ properties: z.object({ tags: z.record(z.string(), z.string()) }) });

let world: World;
const lanes = new Map<string, Lane>();

beforeAll(async () => {
  const choices = Object.entries(LANES).map(([lane, retrainPauseSeconds]) => [lane, { retrainPauseSeconds }]);
  world = await startWorld({ name: 'retrainings', lanes: Object.fromEntries(choices) });
  const names = Object.keys(LANES);
  await givenTrainingData(world, names);
  await Promise.all(names.map(async (lane) => lanes.set(lane, await givenVersion1Serves(world, lane))));
});
afterAll(() => world?.stop());

function laneOf(name: keyof typeof LANES): Lane {
  const lane = lanes.get(name);
  if (!lane) throw new Error(`There is no lane ${name}.`);
  return lane;
}

async function whenABlobLands(path: string): Promise<void> {
  const storage = BlobServiceClient.fromConnectionString(world.stack.credentials.storageConnectionString);
  await storage.getContainerClient('landing').getBlockBlobClient(path).uploadData(Buffer.from('{"x":1,"label":2}\n'));
}

test('a new blob whose event comes twice retrains once', async () => {
  const { eventGrid } = world.stack.services;
  eventGrid.armEventFault({ type: 'duplicate', copies: 2, eventType: 'BlobCreated' });
  await whenABlobLands('fed/rows.jsonl');
  await eventually({
    what: 'both copies are delivered',
    read: async () => eventGrid.deliveries().filter(({ subject }) => subject.endsWith('/blobs/fed/rows.jsonl')),
    isDone: (sent) => sent.length === 2 && sent.every(({ state }) => state === 'Delivered'),
  });
  await thenItsOneJobCompletes(world, laneOf('fed'));
  expect(await retrainingsOf(world, laneOf('fed'))).toHaveLength(1);
});

test.concurrent('a job whose submission lost its reply runs once; its version is registered with its lineage and rolled out', async () => {
  const lane = laneOf('proven');
  const path = `/jobs/slipway-${lane.model}-`;
  world.stack.services.azureMl.faults.arm({ match: { method: 'PUT', path }, action: { type: 'loseReply' } });
  const { retrainingId, status } = await whenARetrainingIsAskedFor(world, lane, 'first');
  expect(status).toBe(202);
  expect(await whenARetrainingIsAskedFor(world, lane, 'first')).toEqual({
    status: 200,
    retrainingId,
    started: false,
  });
  const ended = await thenTheRetrainingIs(world, retrainingId, 'registered');
  const jobs = await jobsOf(world, lane);
  expect(jobs.map((job) => job.status)).toEqual(['Completed']);
  expect(ended.customStatus).toMatchObject({ version: '2', jobName: jobs[0]?.name });
  const { tags } = versionSchema.parse(await world.arm.get(`/models/${lane.model}/versions/2`)).properties;
  expect(Object.values(tags)).toEqual(expect.arrayContaining([jobs[0]?.name, `azureml:${rowsOf('proven')}:1`]));
  await eventually({
    what: 'the rollout of version 2 begins',
    read: () => world.records.trail(idOf(lane, '2', 1)),
    isDone: (trail) => trail.length > 0,
  });
  const next = await whenARetrainingIsAskedFor(world, lane, 'second');
  await thenTheRetrainingIs(world, next.retrainingId, 'cooling-down');
  expect(await jobsOf(world, lane)).toHaveLength(1);
});

test.concurrent('a job that Azure ML refuses costs nothing: the next retraining runs at once', async () => {
  const lane = laneOf('refused');
  const match = { method: 'PUT', path: `/jobs/slipway-${lane.model}-` };
  const body = { error: { code: 'UserError', message: 'The quota of the family is used up.' } };
  world.stack.services.azureMl.faults.arm({ match, action: { type: 'fail', status: 400, body } });
  const { retrainingId } = await whenARetrainingIsAskedFor(world, lane, 'first');
  const { customStatus } = await thenTheRetrainingIs(world, retrainingId, 'job-failed');
  expect(customStatus?.note).toContain('The quota of the family is used up.');
  const next = await whenARetrainingIsAskedFor(world, lane, 'second');
  await thenTheRetrainingIs(world, next.retrainingId, 'registered');
});

test.concurrent('while MLflow does not answer the retraining waits with its finished job, and then goes on', async () => {
  const lane = laneOf('blind');
  // What the app asks; the job's own client names run_uuid first.
  const match = { method: 'GET', path: `/runs/get\\?run_id=slipway-${lane.model}-` };
  const { faults } = world.stack.services.azureMl;
  faults.arm({ match, action: { type: 'fail', status: 503 }, times: 8 });
  const { retrainingId } = await whenARetrainingIsAskedFor(world, lane, 'first');
  await thenTheRetrainingIs(world, retrainingId, 'registered');
  const asked = faults.calls().filter(({ url }) => new RegExp(match.path).test(url));
  expect(asked.filter(({ status }) => status === 503)).toHaveLength(8);
  expect(await jobsOf(world, lane)).toHaveLength(1);
});

test.concurrent('an operator aborts: the job is canceled; data that came meanwhile waits, and can be told not to', async () => {
  const lane = laneOf('slow');
  const { retrainingId } = await whenARetrainingIsAskedFor(world, lane, 'first');
  await thenTheRetrainingIs(world, retrainingId, 'training');
  await whenABlobLands('slow/rows.jsonl');
  const all = await eventually({
    what: 'the retraining of the new data waits for its turn',
    read: () => retrainingsOf(world, lane),
    isDone: (found) => found.some(({ customStatus }) => customStatus?.phase === 'waiting'),
  });
  expect(all).toHaveLength(2);
  for (const id of [retrainingId, ...all.map((each) => each.retrainingId).filter((id) => id !== retrainingId)]) {
    const path = `/api/retrainings/${id}/commands/abort`;
    const reply = await world.api.operate('POST', path, { reason: 'Not today.' });
    expect(reply.status, reply.text).toBe(202);
    await thenTheRetrainingIs(world, id, 'aborted');
  }
  expect((await jobsOf(world, lane)).map(({ status }) => status)).toEqual(['Canceled']);
});

function driftOf(lane: Lane, topic: string) {
  const breach = BREACH_TEXT.replace('flights-monitor', `${lane.endpoint}-monitor`);
  return {
    id: randomUUID(),
    topic,
    subject: 'experiments/monitor/runs/run-1',
    eventType: RUN_STATUS_CHANGED,
    eventTime: new Date().toISOString(),
    data: { runId: 'run-1', runTags: { azureml_modelmonitor_threshold_breached: breach } },
    dataVersion: '',
    metadataVersion: '1',
  };
}

async function whenDriftIsTold(event: { readonly id: string }) {
  const headers = { 'aeg-event-type': 'Notification' };
  const path = '/runtime/webhooks/EventGrid?functionName=onDrift';
  expect((await world.api.call('POST', path, { body: [event], headers })).status).toBe(202);
  const found = await eventually({
    what: `event ${event.id} is written down`,
    read: async () => (await world.records.events()).filter(({ eventId }) => eventId === event.id),
    isDone: ({ length }) => length > 0,
  });
  return found[0];
}

test.concurrent('a drift that is told twice retrains once; one of a foreign workspace is refused and written down', async () => {
  const lane = laneOf('drifting');
  const { workspaceArmId } = world.stack;
  expect(await whenDriftIsTold(driftOf(lane, `${workspaceArmId}-of-somebody-else`))).toMatchObject({
    outcome: 'refused',
    code: 'foreign-source',
  });
  const first = driftOf(lane, workspaceArmId);
  const started = await whenDriftIsTold(first);
  expect(started).toMatchObject({ outcome: 'started' });
  expect(await whenDriftIsTold({ ...first, id: randomUUID() })).toMatchObject({
    outcome: 'duplicate',
    code: 'already-started',
    rolloutId: started?.rolloutId,
  });
  await thenItsOneJobCompletes(world, lane);
  expect(await retrainingsOf(world, lane)).toHaveLength(1);
});
