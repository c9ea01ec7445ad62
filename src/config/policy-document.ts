/** Parses one policy file with the job that it names; every problem of both says file, line, column and path. */
import type { z } from 'zod';
import type { RolloutPolicy } from '../domain/policy/policy.ts';
import type { Problem } from './configuration-error.ts';
import { crossProblems } from './policy-cross-checks.ts';
import { jobFileOf, type PlacedJob, placeJob } from './policy-job.ts';
import { policySchema } from './policy-schema.ts';
import { placeOf, problemsOfIssue, readYaml, textOf, type YamlPlaces } from './yaml-text.ts';

export type PolicyReading =
  | { readonly ok: true; readonly policy: RolloutPolicy }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const JOB_PATH = ['retrain', 'job'];

/** `file` is the name to show, `folder` where its job lies. */
export function parsePolicy(file: string, text: string, folder: string): PolicyReading {
  const reading = readYaml(file, text);
  if (!reading.ok) return reading;
  const { value, places } = reading;
  const job = placeJob(value, folder);
  const parsed = policySchema.safeParse(job.value);
  const problems = [
    ...(parsed.error?.issues ?? []).flatMap((issue) => problemsIn(places, job, issue)),
    ...crossProblems(value).map(({ path, message }) => ({
      where: placeOf(places, path),
      what: `${textOf(path)} ${message}`,
    })),
    ...faultsOf(places, job),
  ];
  return parsed.success && problems.length === 0 ? { ok: true, policy: parsed.data } : { ok: false, problems };
}

/** The job's file that a policy names, or null: also when it is no policy at all. */
export function jobFileIn(text: string): string | null {
  const reading = readYaml('', text);
  return reading.ok ? jobFileOf(reading.value) : null;
}

/** What is wrong inside of the job is told with the places of its own file. */
function problemsIn(places: YamlPlaces, { reading, fault }: PlacedJob, issue: z.core.$ZodIssue): readonly Problem[] {
  const isInJob = JOB_PATH.every((part, index) => issue.path[index] === part);
  if (!isInJob || (reading === null && fault === null)) return problemsOfIssue(places, issue, 'the policy');
  // The file itself cannot be read, which is told already.
  if (!reading?.ok) return [];
  const inFile = { ...issue, path: issue.path.slice(JOB_PATH.length) };
  return problemsOfIssue(reading.places, inFile, 'the job');
}

function faultsOf(places: YamlPlaces, { reading, fault }: PlacedJob): readonly Problem[] {
  if (fault !== null) return [{ where: placeOf(places, JOB_PATH), what: `${textOf(JOB_PATH)} ${fault}` }];
  return reading === null || reading.ok ? [] : reading.problems;
}
