/** Fills a job's template with what the retraining found out. */

const PLACEHOLDER = /\$\{\{\s*slipway\.([a-z]+)\s*\}\}/g;
export const JOB_PLACEHOLDERS = ['data', 'champion', 'version', 'trigger', 'job'] as const;
export type JobValues = Readonly<Record<(typeof JOB_PLACEHOLDERS)[number], string>>;

/** Every text of the template, however deep; other placeholders are Azure ML's own and stay. */
export function fillJob(
  properties: Readonly<Record<string, unknown>>,
  values: JobValues,
): Readonly<Record<string, unknown>> {
  return fill(properties, values) as Readonly<Record<string, unknown>>;
}

/** A text of which only the job's name is known, as the address of an output. */
export function fillJobName(text: string, job: string): string {
  return fillText(text, { job });
}

function fillText(text: string, values: Partial<JobValues>): string {
  return text.replace(PLACEHOLDER, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name as keyof JobValues] ?? whole) : whole,
  );
}

function fill(value: unknown, values: JobValues): unknown {
  if (typeof value === 'string') return fillText(value, values);
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, values)]));
}

/** Names of the placeholders in a text that Slipway does not know. */
export function unknownPlaceholders(text: string): readonly string[] {
  const names = [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  return names.filter((name) => !(JOB_PLACEHOLDERS as readonly string[]).includes(name));
}
