/**
 * Decides what a PUT of a job does: a new name starts a job, a known one changes labels only.
 *
 * A repeated PUT with the same content is answered as the first and starts nothing: the name is the idempotency key.
 */
import { isDeepStrictEqual } from 'node:util';
import { findAsset } from '../arm/assets/asset-reference.ts';
import { type ArmErrorDetail, badRequest } from '../arm/protocol/arm-error.ts';
import { unknownExpressions } from './command/substitute.ts';
import { inputPlace } from './inputs/resolve-input.ts';
import { planPipeline } from './pipeline/plan-pipeline.ts';
import type { JobContext } from './seams/job-context.ts';
import type { Job } from './state/job.ts';
import type { CommandProperties, JobProperties } from './state/job-schema.ts';

const LABELS: ReadonlySet<string> = new Set(['description', 'tags', 'properties', 'displayName', 'isArchived']);

/** Throws one 400 with everything that the job names and that is not there. */
export function requireRunnable(context: JobContext, properties: JobProperties): void {
  const problems = [
    ...inputProblems(context, properties),
    ...(properties.jobType === 'Command'
      ? commandProblems(context, properties)
      : planPipeline(context, properties).problems),
  ];
  if (problems.length > 0) throw badRequest(problems);
}

/** The job's properties after a PUT of a known name, or one 400 that names every member that cannot change. */
export function changedProperties(job: Job, wanted: JobProperties): JobProperties {
  const current = job.properties;
  const problems = Object.entries(wanted)
    .filter(([member, value]) => !LABELS.has(member) && !isSame(member, current[member as keyof JobProperties], value))
    .map(([member]) => immutable(member));
  const taken = Object.entries(wanted.properties).filter(
    ([name, value]) => (current.properties[name] ?? value) !== value,
  );
  problems.push(...taken.map(([name]) => immutable(`properties.${name}`)));
  if (problems.length > 0) throw badRequest(problems);
  return {
    ...current,
    description: wanted.description ?? current.description,
    displayName: wanted.displayName ?? current.displayName,
    isArchived: wanted.isArchived ?? false,
    tags: { ...current.tags, ...wanted.tags },
    properties: { ...current.properties, ...wanted.properties },
  };
}

/** Outputs that were read come back with the addresses that the service filled in. */
function isSame(member: string, current: unknown, wanted: unknown): boolean {
  const [left, right] = member === 'outputs' ? [typesOf(current), typesOf(wanted)] : [current, wanted];
  return isDeepStrictEqual(left ?? undefined, right ?? undefined);
}

function typesOf(outputs: unknown): Record<string, string> {
  const entries = Object.entries(outputs as JobProperties['outputs']);
  return Object.fromEntries(entries.map(([name, { jobOutputType }]) => [name, jobOutputType]));
}

function immutable(member: string): ArmErrorDetail {
  const message = `${member}: cannot be changed in a job that exists; submit a job with another name.`;
  return { code: 'ImmutableProperty', message, target: `properties.${member}` };
}

function inputProblems(context: JobContext, properties: JobProperties): ArmErrorDetail[] {
  return Object.entries(properties.inputs).flatMap(([name, input]) => {
    if (input.jobInputType === 'literal') return [];
    const place = inputPlace(context, input);
    return place.ok ? [] : [{ code: 'InvalidUri', message: place.message, target: `properties.inputs.${name}.uri` }];
  });
}

function commandProblems(context: JobContext, properties: CommandProperties): ArmErrorDetail[] {
  const references = [
    ['environments', properties.environmentId, 'properties.environmentId'],
    ['codes', properties.codeId, 'properties.codeId'],
  ] as const;
  const missing = references.flatMap(([kind, reference, target]) => {
    if (!reference) return [];
    const found = findAsset(context.workspace, kind, context.assets[kind], reference);
    return typeof found === 'string' ? [{ code: 'ResourceNotFound', message: found, target }] : [];
  });
  const names = { inputs: Object.keys(properties.inputs), outputs: Object.keys(properties.outputs) };
  const unknown = unknownExpressions(properties.command, names).map((expression) => ({
    code: 'ValidationError',
    message: `command: ${expression} names no input or output of the job.`,
    target: 'properties.command',
  }));
  return [...missing, ...unknown];
}
