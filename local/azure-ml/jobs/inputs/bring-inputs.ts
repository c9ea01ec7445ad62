/** Puts a job's inputs where its command can read them. */
import { basename, join } from 'node:path';
import type { JobContext } from '../seams/job-context.ts';
import { JobFailure } from '../state/job-failure.ts';
import type { JobInput } from '../state/job-schema.ts';
import { inputPlace } from './resolve-input.ts';

/** What each input becomes in the command: the value of a literal, the path of a file or folder, in mode Direct the uri. */
export async function bringInputs(
  context: JobContext,
  inputs: Readonly<Record<string, JobInput>>,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  const values: Record<string, string> = {};
  for (const [name, input] of Object.entries(inputs)) {
    values[name] = input.jobInputType === 'literal' ? input.value : await bring(context, name, input, folder);
  }
  return values;
}

async function bring(
  context: JobContext,
  name: string,
  input: Exclude<JobInput, { jobInputType: 'literal' }>,
  folder: string,
): Promise<string> {
  if (input.mode === 'Direct') return input.uri;
  const place = inputPlace(context, input);
  if (!place.ok) throw new JobFailure('UserError', `Input '${name}' cannot be read. ${place.message}`);
  const target = join(folder, name, basename(place.path));
  if (await context.artifacts.fetch(place, target)) return target;
  const message = `Input '${name}': nothing is stored at '${input.uri}'. Upload the data before submitting the job.`;
  throw new JobFailure('UserError', message);
}
