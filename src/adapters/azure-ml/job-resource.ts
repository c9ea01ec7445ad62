/**
 * Makes the body of a job from its definition, and reads a job back. References become ARM ids; every asset input must have
 * an address (Azure ML accepts it without one and fails later). Shapes: Azure/azure-rest-api-specs,
 * machinelearningservices 2024-04-01, Jobs.
 */
import { z } from 'zod';
import type { JobState, JobView } from '../../ports/training-jobs.ts';
import type { ArmRequests } from './arm-requests.ts';
import type { AssetKind } from './asset-id.ts';
import { resolveAsset } from './asset-versions.ts';

type Members = Readonly<Record<string, unknown>>;

export type JobBody = { readonly ok: true; readonly body: object } | { readonly ok: false; readonly reason: string };

const REFERENCES: Readonly<Record<string, AssetKind>> = {
  environmentId: 'environments',
  codeId: 'codes',
  componentId: 'components',
};

/** Every problem is named in one reason. Also looks into the steps of a pipeline. */
export async function jobBody(arm: ArmRequests, properties: Members): Promise<JobBody> {
  const problems: string[] = [];
  const body = await withIds(arm, properties, 'properties', problems);
  return problems.length === 0 ? { ok: true, body: { properties: body } } : { ok: false, reason: problems.join(' ') };
}

async function withIds(arm: ArmRequests, members: Members, path: string, problems: string[]): Promise<Members> {
  const entries: [string, unknown][] = [];
  for (const [name, value] of Object.entries(members)) {
    const at = `${path}.${name}`;
    const kind = REFERENCES[name];
    if (kind && typeof value === 'string') entries.push([name, await idOf(arm, kind, value, at, problems)]);
    else if (name === 'inputs' && isMembers(value)) entries.push([name, await inputsOf(arm, value, at, problems)]);
    else if (name === 'jobs' && isMembers(value)) entries.push([name, await stepsOf(arm, value, at, problems)]);
    else entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}

async function stepsOf(arm: ArmRequests, steps: Members, path: string, problems: string[]): Promise<Members> {
  const entries: [string, unknown][] = [];
  for (const [name, step] of Object.entries(steps)) {
    entries.push([name, isMembers(step) ? await withIds(arm, step, `${path}.${name}`, problems) : step]);
  }
  return Object.fromEntries(entries);
}

async function inputsOf(arm: ArmRequests, inputs: Members, path: string, problems: string[]): Promise<Members> {
  const entries: [string, unknown][] = [];
  for (const [name, input] of Object.entries(inputs)) {
    entries.push([name, isMembers(input) ? await inputOf(arm, input, `${path}.${name}`, problems) : input]);
  }
  return Object.fromEntries(entries);
}

/** Job inputs say `jobInputType`, steps of a pipeline `job_input_type`. */
async function inputOf(arm: ArmRequests, input: Members, path: string, problems: string[]): Promise<Members> {
  const type = String(input.jobInputType ?? input.job_input_type ?? 'literal');
  if (type === 'literal') return input;
  const { uri } = input;
  if (typeof uri !== 'string' || uri === '') {
    problems.push(`${path} is a ${type} without uri.`);
    return input;
  }
  if (/^(azureml|https):\/\//.test(uri) || uri.includes('${{')) return input;
  return { ...input, uri: await idOf(arm, type.endsWith('_model') ? 'models' : 'data', uri, path, problems) };
}

async function idOf(arm: ArmRequests, kind: AssetKind, reference: string, path: string, problems: string[]) {
  const found = await resolveAsset(arm, kind, reference);
  if (found.ok) return found.id;
  problems.push(`${path}: ${found.reason}`);
  return reference;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const jobSchema = z.looseObject({
  name: z.string(),
  properties: z.looseObject({
    status: z.string(),
    outputs: z.record(z.string(), z.looseObject({ uri: z.string().nullish() }).nullable()).nullish(),
    error: z.looseObject({ message: z.string().nullish() }).nullish(),
  }),
});

const STATES: Readonly<Record<string, JobState>> = { completed: 'completed', failed: 'failed', canceled: 'canceled' };
const MAX_REASON = 1000;

export function viewOfJob(body: unknown): JobView {
  const { name, properties } = jobSchema.parse(body);
  const outputs = Object.entries(properties.outputs ?? {}).flatMap(([output, value]) =>
    value?.uri ? [[output, value.uri] as const] : [],
  );
  return {
    name,
    status: properties.status,
    state: STATES[properties.status.toLowerCase()] ?? 'running',
    reason: properties.error?.message?.slice(0, MAX_REASON) ?? null,
    outputs: Object.fromEntries(outputs),
  };
}
