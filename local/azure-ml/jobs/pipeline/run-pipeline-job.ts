/**
 * Runs the steps of a pipeline job as a graph: each once those it needs have completed, side by side where it can.
 *
 * 1. Every step is a job of its own, visible from the start, and each of them ends.
 * 2. A step that failed cancels the others, unless the pipeline continues on failure; then only those that need it.
 * 3. The pipeline completes when every step has completed.
 */
import { sleep } from '../../../emulator/clock.ts';
import { endJob } from '../command/end-job.ts';
import { runCommandJob } from '../command/run-command-job.ts';
import type { JobContext } from '../seams/job-context.ts';
import type { Job, JobPlan } from '../state/job.ts';
import { JobFailure } from '../state/job-failure.ts';
import type { PipelineProperties } from '../state/job-schema.ts';
import { planPipeline, type StepPlan } from './plan-pipeline.ts';
import { stepJobName, stepProperties } from './step-job.ts';
import { boundOutput } from './step-schema.ts';

/** Resolves when the pipeline and all of its steps have ended or the emulator stops; never rejects. */
export async function runPipelineJob(
  context: JobContext,
  job: Job,
  properties: PipelineProperties,
  newJob: (plan: JobPlan) => Job,
): Promise<void> {
  try {
    await live(context, job, properties, newJob);
    await endJob(context, job, undefined);
  } catch (error) {
    await endJob(context, job, error);
  }
}

async function live(
  context: JobContext,
  job: Job,
  properties: PipelineProperties,
  newJob: (plan: JobPlan) => Job,
): Promise<void> {
  const { steps, problems } = planPipeline(context, properties);
  if (problems[0]) throw new JobFailure('UserError', problems[0].message);
  const children = new Map(steps.map((plan) => [plan.name, makeStep(context, job, properties, plan, newJob)]));
  bindOutputs(job, properties, steps);
  const signal = AbortSignal.any([job.canceling.signal, context.stopping]);
  const cancelSteps = () => cancelAll(context, children, 'The pipeline was canceled.');
  signal.addEventListener('abort', cancelSteps, { once: true });
  try {
    await start(context, job, signal);
  } finally {
    if (signal.aborted) cancelSteps();
    await runSteps(context, properties, steps, children);
    signal.removeEventListener('abort', cancelSteps);
  }
  signal.throwIfAborted();
  const failed = [...children].filter(([, child]) => child.status === 'Failed').map(([name]) => name);
  if (failed.length === 0) return;
  throw new JobFailure('UserError', `The pipeline failed because of its steps: ${failed.join(', ')}.`);
}

async function start(context: JobContext, job: Job, signal: AbortSignal): Promise<void> {
  for (const stage of ['Starting', 'Preparing', 'Running'] as const) {
    await sleep(context.clock, context.stageMs, signal);
    job.enter(stage, context.clock.nowMs());
  }
}

function makeStep(
  context: JobContext,
  job: Job,
  properties: PipelineProperties,
  plan: StepPlan,
  newJob: (plan: JobPlan) => Job,
): Job {
  return newJob({
    name: stepJobName(job.name, plan.name),
    properties: stepProperties(context, job, properties, plan),
    systemData: job.systemData,
    parentName: job.name,
  });
}

function bindOutputs(job: Job, properties: PipelineProperties, steps: readonly StepPlan[]): void {
  for (const { name: stepName, step } of steps) {
    for (const [name, { value }] of Object.entries(step.outputs)) {
      const bound = boundOutput(value);
      if (bound === undefined || !Object.hasOwn(properties.outputs, bound)) continue;
      job.outputUris.set(bound, `azureml://jobs/${stepJobName(job.name, stepName)}/outputs/${name}`);
    }
  }
}

async function runSteps(
  context: JobContext,
  properties: PipelineProperties,
  steps: readonly StepPlan[],
  children: ReadonlyMap<string, Job>,
): Promise<void> {
  const continues = properties.settings?.continue_on_step_failure === true;
  const runs = new Map<string, Promise<boolean>>();
  const run = (plan: StepPlan): Promise<boolean> => {
    const known = runs.get(plan.name);
    if (known) return known;
    const needed = steps.filter(({ name }) => plan.needs.includes(name)).map(run);
    const outcome = Promise.all(needed).then((all) => runStep(context, children.get(plan.name), all.every(Boolean)));
    runs.set(plan.name, outcome);
    void outcome.then((ok) => {
      if (!ok && !continues) cancelAll(context, children, `The step '${plan.name}' did not complete.`);
    });
    return outcome;
  };
  await Promise.all(steps.map(run));
}

/** True when the step completed. */
async function runStep(context: JobContext, job: Job | undefined, needsMet: boolean): Promise<boolean> {
  if (job?.properties.jobType !== 'Command') return false;
  if (!needsMet)
    job.cancel({ code: 'DependencyFailed', message: 'A step that it needs did not complete.' }, context.clock.nowMs());
  await runCommandJob(context, job, job.properties);
  return job.status === 'Completed';
}

function cancelAll(context: JobContext, children: ReadonlyMap<string, Job>, message: string): void {
  for (const child of children.values()) child.cancel({ code: 'Canceled', message }, context.clock.nowMs());
}
