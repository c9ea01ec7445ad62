/** Retrainings on the whole stack: a job that really runs, a refused one, one that is aborted, and a tracking server that is away. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { eventually } from './world/eventually.ts';
import { givenVersion1Serves, type Lane } from './world/given.ts';
import { rowsOf, TRAINING_CODE } from './world/lane-policy.ts';
import { startWorld, type World } from './world/start-world.ts';
import { idOf } from './world/when.ts';

const ROWS = 300;
const LIMIT_MS = 120_000;
const LANES = { proven: 0, refused: 0, blind: 0, slow: 90 };

const retrainingSchema = z.object({
  retrainingId: z.string(),
  status: z.string(),
  customStatus: z
    .object({ phase: z.string(), note: z.string(), jobName: z.string().nullable(), version: z.string().nullable() })
    .nullable(),
});
type Retraining = z.output<typeof retrainingSchema>;
const startedSchema = z.object({ retrainingId: z.string(), started: z.boolean() });
const jobSchema = z.object({ name: z.string(), properties: z.object({ status: z.string() }) });
const jobsSchema = z.object({ value: z.array(jobSchema) });
const versionSchema = z.object({ properties: z.object({ tags: z.record(z.string(), z.string()) }) });

let world: World;
let folder: string;
const lanes = new Map<string, Lane>();

beforeAll(async () => {
  const choices = Object.entries(LANES).map(([lane, retrainPauseSeconds]) => [lane, { retrainPauseSeconds }]);
  world = await startWorld({ name: 'retrainings', lanes: Object.fromEntries(choices) });
  folder = await mkdtemp(join(tmpdir(), 'slipway-rows-'));
  const { artifacts } = world.stack.services.azureMl;
  const codeUri = await artifacts.upload(join(import.meta.dirname, 'steady-training'));
  await world.arm.put(`/codes/${TRAINING_CODE}/versions/1`, { properties: { codeUri } });
  const file = join(folder, 'rows.jsonl');
  const rows = Array.from({ length: ROWS }, (_, x) => JSON.stringify({ x, label: 2 * x }));
  await writeFile(file, `${rows.join('\n')}\n`);
  const dataUri = await artifacts.upload(file);
  await Promise.all(
    Object.keys(LANES).map(async (lane) => {
      await world.arm.put(`/data/${rowsOf(lane)}/versions/1`, { properties: { dataType: 'uri_file', dataUri } });
      lanes.set(lane, await givenVersion1Serves(world, lane));
    }),
  );
});
afterAll(async () => {
  await world?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

function laneOf(name: keyof typeof LANES): Lane {
  const lane = lanes.get(name);
  if (!lane) throw new Error(`There is no lane ${name}.`);
  return lane;
}

async function ask(lane: Lane, key: string, ignoreCoolDown = false) {
  const body = { model: lane.model, reason: 'The scenario wants it.', key, ignoreCoolDown };
  const reply = await world.api.operate('POST', '/api/retrainings', body);
  return { status: reply.status, ...startedSchema.parse(reply.body) };
}

async function read(retrainingId: string): Promise<Retraining> {
  return retrainingSchema.parse((await world.api.operate('GET', `/api/retrainings/${retrainingId}`)).body);
}

function reaches(retrainingId: string, phase: string): Promise<Retraining> {
  return eventually({
    what: `${retrainingId} is ${phase}`,
    read: () => read(retrainingId),
    isDone: ({ customStatus, status }) =>
      customStatus?.phase === phase && (status === 'completed' || ['training', 'waiting'].includes(phase)),
    isHopeless: ({ status }) => status !== 'active',
    limitMs: LIMIT_MS,
  });
}

async function jobsOf({ model }: Lane) {
  const jobs = jobsSchema.parse(await world.arm.get('/jobs')).value;
  return jobs.filter(({ name }) => name.startsWith(`slipway-${model}-`));
}

test.concurrent('a job whose submission lost its reply runs once; its version is registered with its lineage and rolled out', async () => {
  const lane = laneOf('proven');
  const path = `/jobs/slipway-${lane.model}-`;
  world.stack.services.azureMl.faults.arm({ match: { method: 'PUT', path }, action: { type: 'loseReply' } });
  const { retrainingId, status } = await ask(lane, 'first');
  expect(status).toBe(202);
  expect(await ask(lane, 'first')).toEqual({ status: 200, retrainingId, started: false });
  const ended = await reaches(retrainingId, 'registered');
  const jobs = await jobsOf(lane);
  expect(jobs.map(({ properties }) => properties.status)).toEqual(['Completed']);
  expect(ended.customStatus).toMatchObject({ version: '2', jobName: jobs[0]?.name });
  const { tags } = versionSchema.parse(await world.arm.get(`/models/${lane.model}/versions/2`)).properties;
  expect(Object.values(tags)).toEqual(expect.arrayContaining([jobs[0]?.name, `azureml:${rowsOf('proven')}:1`]));
  await eventually({
    what: 'the rollout of version 2 begins',
    read: () => world.records.trail(idOf(lane, '2', 1)),
    isDone: (trail) => trail.length > 0,
  });
  const next = await ask(lane, 'second');
  await reaches(next.retrainingId, 'cooling-down');
  expect(await jobsOf(lane)).toHaveLength(1);
});

test.concurrent('a job that Azure ML refuses costs nothing: the next retraining runs at once', async () => {
  const lane = laneOf('refused');
  const match = { method: 'PUT', path: `/jobs/slipway-${lane.model}-` };
  const body = { error: { code: 'UserError', message: 'The quota of the family is used up.' } };
  world.stack.services.azureMl.faults.arm({ match, action: { type: 'fail', status: 400, body } });
  const { retrainingId } = await ask(lane, 'first');
  const { customStatus } = await reaches(retrainingId, 'job-failed');
  expect(customStatus?.note).toContain('The quota of the family is used up.');
  const next = await ask(lane, 'second');
  await reaches(next.retrainingId, 'registered');
});

test.concurrent('while MLflow does not answer the retraining waits with its finished job, and then goes on', async () => {
  const lane = laneOf('blind');
  // What the app asks; the job's own client names run_uuid first.
  const match = { method: 'GET', path: `/runs/get\\?run_id=slipway-${lane.model}-` };
  const { faults } = world.stack.services.azureMl;
  faults.arm({ match, action: { type: 'fail', status: 503 }, times: 8 });
  const { retrainingId } = await ask(lane, 'first');
  await reaches(retrainingId, 'registered');
  const asked = faults.calls().filter(({ url }) => new RegExp(match.path).test(url));
  expect(asked.filter(({ status }) => status === 503)).toHaveLength(8);
  expect(await jobsOf(lane)).toHaveLength(1);
});

test.concurrent('an operator aborts: the job is canceled; data that came meanwhile waits, and can be told not to', async () => {
  const lane = laneOf('slow');
  const { retrainingId } = await ask(lane, 'first');
  await reaches(retrainingId, 'training');
  const storage = BlobServiceClient.fromConnectionString(world.stack.credentials.storageConnectionString);
  const blob = storage.getContainerClient('landing').getBlockBlobClient('slow/rows.jsonl');
  await blob.uploadData(Buffer.from('{"x":1,"label":2}\n'));
  const waiting = await eventually({
    what: 'the retraining of the new data waits for its turn',
    read: async () => {
      const reply = await world.api.operate('GET', '/api/retrainings');
      return z.object({ retrainings: z.array(retrainingSchema) }).parse(reply.body).retrainings;
    },
    isDone: (all) => all.some(({ customStatus }) => customStatus?.phase === 'waiting'),
  });
  const second = waiting.find(({ customStatus }) => customStatus?.phase === 'waiting')?.retrainingId ?? '';
  for (const id of [retrainingId, second]) {
    const reply = await world.api.operate('POST', `/api/retrainings/${id}/commands/abort`, { reason: 'Not today.' });
    expect(reply.status, reply.text).toBe(202);
    await reaches(id, 'aborted');
  }
  expect((await jobsOf(lane)).map(({ properties }) => properties.status)).toEqual(['Canceled']);
});
