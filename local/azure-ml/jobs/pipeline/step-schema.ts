/** One step of a pipeline job: snake_case members, as azure-ai-ml writes them; what is not listed is ignored. */
import { z } from 'zod';
import { inputSchema, limitsSchema } from '../state/job-schema.ts';

const PARENT_INPUT = /^\$\{\{\s*parent\.inputs\.(\w+)\s*\}\}$/;
const STEP_OUTPUT = /^\$\{\{\s*parent\.jobs\.(\w+)\.outputs\.(\w+)\s*\}\}$/;
const PARENT_OUTPUT = /^\$\{\{\s*parent\.outputs\.(\w+)\s*\}\}$/;

const stepInput = z
  .object({
    job_input_type: z.string().max(50).optional(),
    value: z.union([z.string(), z.number(), z.boolean()]).transform(String).optional(),
    uri: z.string().max(4096).optional(),
    mode: z.string().max(50).nullish(),
  })
  .transform(({ job_input_type: jobInputType = 'literal', ...rest }) => ({ jobInputType, ...rest }));

export const stepSchema = z.object({
  type: z.literal('command', 'is not run here: only command steps are').optional(),
  componentId: z.string().min(1).max(1024),
  inputs: z.record(z.string(), stepInput).default({}),
  outputs: z.record(z.string(), z.object({ value: z.string().max(1000).optional() })).default({}),
  environment_variables: z.record(z.string(), z.string()).nullish(),
  limits: limitsSchema,
  display_name: z.string().max(255).nullish(),
});

export type Step = z.output<typeof stepSchema>;
type StepInput = Step['inputs'][string];

/** Where a step's input comes from. */
export type InputSource =
  | { readonly from: 'parent'; readonly input: string }
  | { readonly from: 'step'; readonly step: string; readonly output: string }
  | { readonly from: 'value'; readonly input: z.output<typeof inputSchema> };

/** The source, or a sentence that says what is wrong. */
export function inputSource(given: StepInput): InputSource | string {
  const text = (given.jobInputType === 'literal' ? given.value : (given.uri ?? given.value)) ?? '';
  const parent = PARENT_INPUT.exec(text)?.[1];
  if (parent !== undefined) return { from: 'parent', input: parent };
  const [, step, output] = STEP_OUTPUT.exec(text) ?? [];
  if (step !== undefined && output !== undefined) return { from: 'step', step, output };
  if (text.includes('${{')) return `'${text}' is no binding that is known: use parent.inputs or parent.jobs.`;
  const parsed = inputSchema.safeParse(given);
  return parsed.success ? { from: 'value', input: parsed.data } : `${parsed.error.issues[0]?.message ?? 'is wrong'}`;
}

/** Name of the pipeline's output that a step's output is, if it is one. */
export function boundOutput(value: string | undefined): string | undefined {
  return value === undefined ? undefined : PARENT_OUTPUT.exec(value)?.[1];
}
