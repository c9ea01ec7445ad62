/**
 * Takes one command job through its life, from its first state to its end.
 *
 * 1. Every state lasts at least `stageMs`, so that whoever polls can see each.
 * 2. Whatever happens the job ends: Completed, Failed with a reason, or Canceled with nothing of its command left.
 * 3. Logs and outputs are stored before the end is announced, whatever the end is.
 */
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep } from '../../../emulator/clock.ts';
import { durationMs } from '../../arm/protocol/iso-duration.ts';
import { bringInputs } from '../inputs/bring-inputs.ts';
import type { CommandExit, CommandPlan } from '../launch/job-launcher.ts';
import { DEFAULT_OUTPUT, makeOutputPlaces, publishOutputs } from '../outputs/output-places.ts';
import type { JobContext } from '../seams/job-context.ts';
import type { Job } from '../state/job.ts';
import { JobFailure } from '../state/job-failure.ts';
import type { CommandProperties } from '../state/job-schema.ts';
import type { JobStatus } from '../state/job-status.ts';
import { endJob } from './end-job.ts';
import { jobEnvironment } from './job-environment.ts';
import { type CommandValues, substitute } from './substitute.ts';
import { makeWorkingFolder } from './working-folder.ts';

const LOG = 'user_logs/std_log.txt';

/** Resolves when the job has ended or the emulator stops; never rejects. */
export async function runCommandJob(context: JobContext, job: Job, properties: CommandProperties): Promise<void> {
  const folder = join(context.workFolder, job.name);
  const signal = AbortSignal.any([job.canceling.signal, context.stopping]);
  try {
    await live(context, job, properties, { folder, signal });
    await endJob(context, job, undefined);
  } catch (error) {
    await endJob(context, job, error);
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

interface Workplace {
  readonly folder: string;
  readonly signal: AbortSignal;
}

async function live(context: JobContext, job: Job, properties: CommandProperties, at: Workplace): Promise<void> {
  await stay(context, at.signal);
  for (const stage of ['Starting', 'Provisioning', 'Preparing'] as const) await pass(context, job, stage, at.signal);
  const plan = await prepare(context, job, properties, at.folder);
  await pass(context, job, 'Queued', at.signal);
  const release = await context.slots.take(at.signal);
  try {
    job.enter('Running', context.clock.nowMs());
    const exit = await withTimeout(context, job, properties, () => context.launcher.run(plan, at.signal));
    at.signal.throwIfAborted();
    await pass(context, job, 'Finalizing', at.signal);
    requireSuccess(exit);
  } finally {
    release();
    if (!context.stopping.aborted) await publishOutputs(context, job);
  }
}

async function pass(context: JobContext, job: Job, status: JobStatus, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  job.enter(status, context.clock.nowMs());
  await stay(context, signal);
}

function stay(context: JobContext, signal: AbortSignal): Promise<void> {
  return sleep(context.clock, context.stageMs, signal);
}

async function prepare(
  context: JobContext,
  job: Job,
  properties: CommandProperties,
  folder: string,
): Promise<CommandPlan> {
  const places = await makeOutputPlaces(context, job);
  const artifactFolder = places[DEFAULT_OUTPUT] ?? folder;
  const logPath = join(artifactFolder, LOG);
  const homeFolder = join(folder, 'home');
  const workingFolder = join(folder, 'code');
  await mkdir(join(artifactFolder, 'user_logs'), { recursive: true });
  await appendFile(logPath, '');
  await mkdir(homeFolder, { recursive: true });
  await makeWorkingFolder(context, properties.codeId, workingFolder, artifactFolder);
  const values: CommandValues = {
    inputs: await bringInputs(context, properties.inputs, join(folder, 'inputs')),
    outputs: places,
  };
  const tracking = await context.tracking.open(job);
  return {
    command: substitute(properties.command, values),
    folder: workingFolder,
    environment: jobEnvironment(context.workspace, job, properties, { values, tracking, homeFolder }),
    logPath,
  };
}

/** A job that runs longer than its limit is cancelled ("CommandJobLimits": the max run duration). */
async function withTimeout<Result>(
  context: JobContext,
  job: Job,
  properties: CommandProperties,
  work: () => Promise<Result>,
): Promise<Result> {
  const { timeout } = properties.limits ?? {};
  const limitMs = timeout ? durationMs(timeout) : undefined;
  if (limitMs === undefined) return work();
  const message = `The job ran longer than its limit of ${timeout} and was canceled. Raise limits.timeout if it needs more.`;
  const withdraw = context.clock.after(limitMs, () => {
    job.cancel({ code: 'JobTimedOut', message }, context.clock.nowMs());
  });
  try {
    return await work();
  } finally {
    withdraw();
  }
}

/** The sentence is the service's own, as "Troubleshoot job failures" shows it. */
function requireSuccess({ code, signal }: CommandExit): void {
  if (code === 0) return;
  const how = code === null ? `was ended by signal ${signal}` : `exited with status code ${code}`;
  throw new JobFailure(
    'UserError',
    `Execution failed. User process ${how}. Please check log file '${LOG}' for error details.`,
  );
}
