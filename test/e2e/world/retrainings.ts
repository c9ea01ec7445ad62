/** Retrainings in the scenarios: the rows and the job that they need, and what became of them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { eventually } from './eventually.ts';
import type { Lane } from './given.ts';
import { rowsOf, TRAINING_CODE } from './lane-policy.ts';
import type { World } from './start-world.ts';

const ROWS = 300;
const LIMIT_MS = 120_000;
/** Phases in which a retraining may be found while it goes on. */
const PASSING = ['training', 'waiting'];
const TRAINING_FOLDER = join(import.meta.dirname, '..', 'steady-training');

const retrainingSchema = z.object({
  retrainingId: z.string(),
  status: z.string(),
  customStatus: z
    .object({ phase: z.string(), note: z.string(), jobName: z.string().nullable(), version: z.string().nullable() })
    .nullable(),
});
const listSchema = z.object({ retrainings: z.array(retrainingSchema) });
const startedSchema = z.object({ retrainingId: z.string(), started: z.boolean() });
const jobsSchema = z.object({
  value: z.array(z.object({ name: z.string(), properties: z.object({ status: z.string() }) })),
});

export type Retraining = z.output<typeof retrainingSchema>;

/** The job's code, and rows for each lane as version 1 of its data asset. */
export async function givenTrainingData({ arm, stack }: World, lanes: readonly string[]): Promise<void> {
  const { artifacts } = stack.services.azureMl;
  const codeUri = await artifacts.upload(TRAINING_FOLDER);
  await arm.put(`/codes/${TRAINING_CODE}/versions/1`, { properties: { codeUri } });
  const folder = await mkdtemp(join(tmpdir(), 'slipway-rows-'));
  try {
    const file = join(folder, 'rows.jsonl');
    const rows = Array.from({ length: ROWS }, (_, x) => JSON.stringify({ x, label: 2 * x }));
    await writeFile(file, `${rows.join('\n')}\n`);
    const properties = { dataType: 'uri_file', dataUri: await artifacts.upload(file) };
    for (const lane of lanes) await arm.put(`/data/${rowsOf(lane)}/versions/1`, { properties });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A person asks for one; the same key asks again for the same. */
export async function whenARetrainingIsAskedFor({ api }: World, { model }: Lane, key: string) {
  const body = { model, reason: 'The scenario wants it.', key };
  const reply = await api.operate('POST', '/api/retrainings', body);
  return { status: reply.status, ...startedSchema.parse(reply.body) };
}

export function thenTheRetrainingIs({ api }: World, retrainingId: string, phase: string): Promise<Retraining> {
  return eventually({
    what: `${retrainingId} is ${phase}`,
    read: async () => retrainingSchema.parse((await api.operate('GET', `/api/retrainings/${retrainingId}`)).body),
    isDone: ({ customStatus, status }) =>
      customStatus?.phase === phase && (status === 'completed' || PASSING.includes(phase)),
    isHopeless: ({ status }) => status !== 'active',
    limitMs: LIMIT_MS,
  });
}

export async function retrainingsOf({ api }: World, { model }: Lane): Promise<readonly Retraining[]> {
  const { retrainings } = listSchema.parse((await api.operate('GET', '/api/retrainings')).body);
  return retrainings.filter(({ retrainingId }) => retrainingId.includes(`.${model}.`));
}

export async function jobsOf({ arm }: World, { model }: Lane) {
  const jobs = jobsSchema.parse(await arm.get('/jobs')).value;
  const own = jobs.filter(({ name }) => name.startsWith(`slipway-${model}-`));
  return own.map(({ name, properties }) => ({ name, status: properties.status }));
}

export function thenItsOneJobCompletes(world: World, lane: Lane) {
  return eventually({
    what: `the job of ${lane.model} is completed, and is the only one`,
    read: () => jobsOf(world, lane),
    isDone: (jobs) => jobs.length === 1 && jobs[0]?.status === 'Completed',
    isHopeless: ({ length }) => length > 1,
    limitMs: LIMIT_MS,
  });
}
