/**
 * Names where a job writes the losses that the gate reads: an output's own `uri` is part of a job's body, so that nothing
 * has to be assumed about where Azure ML puts outputs by default ("CLI (v2) command job YAML schema", outputs.path).
 */
import type { LossesPlace } from '../domain/gate/judge-challenger.ts';
import type { JobTemplate } from '../domain/policy/retraining-policy.ts';

/** A datastore that every workspace has. */
const FOLDER = 'azureml://datastores/workspaceblobstore/paths/slipway';

/** The job's name is filled in when it is submitted, and again when its losses are read. */
export function lossesUri(output: string): string {
  return `${FOLDER}/\${{slipway.job}}/${output}.jsonl`;
}

/** Why the output cannot be what the gate reads, or null. */
export function lossesProblem(job: JobTemplate, output: string): string | null {
  const outputs = outputsOf(job);
  const found = Object.hasOwn(outputs, output) ? outputs[output] : null;
  if (!isMembers(found)) return `names the output ${output}, which the job does not have`;
  if (found.jobOutputType !== 'uri_file') return `names the output ${output}, whose type must be uri_file`;
  if (found.uri !== undefined) return `names the output ${output}, which must have no path: it is given one`;
  return null;
}

export function withLosses(job: JobTemplate, losses: LossesPlace | null): JobTemplate {
  if (losses === null) return job;
  const outputs = outputsOf(job);
  const output = { ...(outputs[losses.output] as object), uri: losses.uri };
  return { properties: { ...job.properties, outputs: { ...outputs, [losses.output]: output } } };
}

function outputsOf({ properties }: JobTemplate): Readonly<Record<string, unknown>> {
  return isMembers(properties.outputs) ? properties.outputs : {};
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
