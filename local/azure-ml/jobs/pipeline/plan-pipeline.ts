/** Turns a pipeline's steps into a graph of command jobs, or lists everything that is wrong with it. */
import { findAsset } from '../../arm/assets/asset-reference.ts';
import type { ArmErrorDetail } from '../../arm/protocol/arm-error.ts';
import type { JobContext } from '../seams/job-context.ts';
import type { PipelineProperties } from '../state/job-schema.ts';
import { type ComponentSpec, componentSpecSchema } from './component-spec.ts';
import { cycleOf } from './find-cycle.ts';
import { type InputSource, inputSource, type Step, stepSchema } from './step-schema.ts';

export interface StepPlan {
  readonly name: string;
  readonly step: Step;
  readonly component: ComponentSpec;
  readonly inputs: ReadonlyMap<string, InputSource>;
  /** Names of the steps whose outputs it reads. */
  readonly needs: readonly string[];
}

export interface PipelinePlan {
  readonly steps: readonly StepPlan[];
  readonly problems: readonly ArmErrorDetail[];
}

export function planPipeline(context: JobContext, pipeline: PipelineProperties): PipelinePlan {
  const problems: ArmErrorDetail[] = [];
  const report = (target: string, message: string) => {
    problems.push({ code: 'ValidationError', message: `${target}: ${message}`, target: `properties.${target}` });
  };
  if (Object.keys(pipeline.jobs).length === 0) report('jobs', 'a pipeline needs a step.');
  const steps = Object.entries(pipeline.jobs).flatMap(([name, given]) => {
    const plan = planStep(context, name, given, (message) => report(`jobs.${name}`, message));
    return plan ? [plan] : [];
  });
  for (const plan of steps) checkSources(plan, steps, pipeline, (message) => report(`jobs.${plan.name}`, message));
  const cycle = cycleOf(new Map(steps.map(({ name, needs }) => [name, needs])));
  if (cycle) report('jobs', `the steps wait for each other: ${cycle.join(' -> ')}.`);
  return { steps, problems };
}

type Report = (message: string) => void;

function planStep(context: JobContext, name: string, given: unknown, report: Report): StepPlan | undefined {
  const step = stepSchema.safeParse(given);
  if (!step.success) {
    for (const { path, message } of step.error.issues) report(`${path.join('.')}: ${message}.`);
    return undefined;
  }
  const component = findComponent(context, step.data.componentId);
  if (typeof component === 'string') {
    report(component);
    return undefined;
  }
  const inputs = new Map<string, InputSource>();
  for (const [input, value] of Object.entries(step.data.inputs)) {
    const source = inputSource(value);
    if (typeof source === 'string') report(`inputs.${input}: ${source}`);
    else inputs.set(input, source);
  }
  const needs = [...inputs.values()].flatMap((source) => (source.from === 'step' ? [source.step] : []));
  return { name, step: step.data, component, inputs, needs: [...new Set(needs)] };
}

function findComponent(context: JobContext, id: string): ComponentSpec | string {
  const version = findAsset(context.workspace, 'components', context.assets.components, id);
  if (typeof version === 'string') return version;
  const spec = componentSpecSchema.safeParse(version.properties.componentSpec);
  if (spec.success) return spec.data;
  const [issue] = spec.error.issues;
  return `the component ${version.name}:${version.version} cannot be run: ${issue?.path.join('.')} ${issue?.message}.`;
}

function checkSources(plan: StepPlan, steps: readonly StepPlan[], pipeline: PipelineProperties, report: Report): void {
  for (const [name, source] of plan.inputs) {
    if (!Object.hasOwn(plan.component.inputs, name)) report(`inputs.${name}: the component has no such input.`);
    if (source.from === 'parent' && !Object.hasOwn(pipeline.inputs, source.input)) {
      report(`inputs.${name}: the pipeline has no input '${source.input}'.`);
    }
    if (source.from === 'step' && !hasOutput(steps, source.step, source.output)) {
      report(`inputs.${name}: there is no step '${source.step}' with an output '${source.output}'.`);
    }
  }
  for (const [name, spec] of Object.entries(plan.component.inputs)) {
    const isGiven = plan.inputs.has(name) || spec.optional === true || (spec.default ?? null) !== null;
    if (!isGiven) report(`inputs.${name}: the component requires it.`);
  }
}

function hasOutput(steps: readonly StepPlan[], step: string, output: string): boolean {
  const found = steps.find(({ name }) => name === step);
  return found !== undefined && Object.hasOwn(found.component.outputs, output);
}
