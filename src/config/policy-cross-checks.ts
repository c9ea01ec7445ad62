/** Checks between parts of a policy file; they run on the raw value, so that faults elsewhere do not hide them. */
import { z } from 'zod';
import { ANSWERS_METRICS } from '../domain/judge/metrics/all-metrics.ts';
import { DEFAULT_COLLECTION } from './policy-outcome-schema.ts';

export const DEFAULT_STEPS = [
  { weight: 10, dwellBuckets: 10 },
  { weight: 50, dwellBuckets: 10 },
];

/** Only what the checks read; anything of another shape is the schema's to report. */
const APPROVED = z.object({
  steps: z.array(z.object({ weight: z.int() })).default(DEFAULT_STEPS),
  approval: z.object({ before: z.array(z.int()) }),
});

const reader = z.object({ collection: z.string().default(DEFAULT_COLLECTION) }).nullish();
const COLLECTED = z.object({
  deployment: z.object({ dataCollection: z.object({ collections: z.array(z.string()) }).nullish() }),
  metrics: z.record(z.string(), z.unknown()),
});

export interface CrossProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export function crossProblems(value: unknown): readonly CrossProblem[] {
  return [...approvalProblems(value), ...collectionProblems(value)];
}

/** Approvals must name weights that the rollout passes: those of its steps, or 100 for the promotion. */
function approvalProblems(value: unknown): readonly CrossProblem[] {
  const read = APPROVED.safeParse(value);
  if (!read.success) return [];
  const weights = [...read.data.steps.map(({ weight }) => weight), 100];
  const { before } = read.data.approval;
  return before.flatMap((weight, index) => {
    const path = ['approval', 'before', index];
    if (!weights.includes(weight)) {
      return [{ path, message: `${weight} is no weight of a step; use one of ${weights.join(', ')}` }];
    }
    return before.indexOf(weight) < index ? [{ path, message: `${weight} is listed twice` }] : [];
  });
}

/** What is judged of the answers must be collected. */
function collectionProblems(value: unknown): readonly CrossProblem[] {
  const read = COLLECTED.safeParse(value);
  if (!read.success) return [];
  const { deployment, metrics } = read.data;
  const collected = deployment.dataCollection?.collections ?? [];
  return ANSWERS_METRICS.flatMap(({ name }) => {
    const asked = reader.safeParse(metrics[name]);
    const collection = asked.data?.collection;
    if (collection === undefined || collected.includes(collection)) return [];
    const message = `reads ${collection.slice(0, 100)}, which deployment.dataCollection.collections does not keep`;
    return [{ path: ['metrics', name], message }];
  });
}
