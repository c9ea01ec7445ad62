/**
 * Decides where a job's outputs lie: the default artefact store holds logs and what the script writes to `outputs/` and
 * `logs/`; a named output lies at its own address, or in a folder of its own in the default datastore.
 */
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DEFAULT_DATASTORE } from '../../arm/storage/default-datastores.ts';
import type { JobContext } from '../seams/job-context.ts';
import type { Job } from '../state/job.ts';
import { JobFailure } from '../state/job-failure.ts';
import type { JobOutput } from '../state/job-schema.ts';

export const DEFAULT_OUTPUT = 'default';
const ARTIFACT_DATASTORE = 'workspaceartifactstore';

export function defaultOutputUri(jobName: string): string {
  return `azureml://datastores/${ARTIFACT_DATASTORE}/ExperimentRun/dcid.${jobName}`;
}

/** As in "How to read and write data in a job": `azureml/<job>/<output>/` of the default datastore. */
function namedOutputUri(jobName: string, outputName: string, output: JobOutput): string {
  return output.uri ?? `azureml://datastores/${DEFAULT_DATASTORE}/paths/azureml/${jobName}/${outputName}/`;
}

/** Records every output's address in the job. */
export function assignOutputs(job: Job): void {
  job.outputUris.set(DEFAULT_OUTPUT, defaultOutputUri(job.name));
  for (const [name, output] of Object.entries(job.properties.outputs)) {
    job.outputUris.set(name, namedOutputUri(job.name, name, output));
  }
}

/** Makes each output's place on this machine and returns its path by name; `default` is the artefact folder. */
export async function makeOutputPlaces(context: JobContext, job: Job): Promise<Readonly<Record<string, string>>> {
  const paths: Record<string, string> = {};
  for (const [name, uri] of job.outputUris) {
    const place = context.artifacts.resolve(uri);
    if (!place.ok) throw new JobFailure('UserError', `Output '${name}' cannot be written. ${place.message}`);
    const output = job.properties.outputs[name];
    // A deleted job of the same name may have left files; an address that the job was given is not ours to empty.
    if (!output?.uri) await rm(place.path, { recursive: true, force: true });
    await mkdir(output?.jobOutputType === 'uri_file' ? dirname(place.path) : place.path, { recursive: true });
    paths[name] = place.path;
  }
  return paths;
}

/** Puts everything that the job wrote into blob storage. */
export async function publishOutputs(context: JobContext, job: Job): Promise<void> {
  for (const uri of job.outputUris.values()) await context.artifacts.publish(uri);
}
