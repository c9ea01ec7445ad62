/** Checks between parts of a policy file; they run on the raw value, so that faults elsewhere do not hide them. */
import { z } from 'zod';

export const DEFAULT_STEPS = [
  { weight: 10, dwellBuckets: 10 },
  { weight: 50, dwellBuckets: 10 },
];

/** Only what the checks read; anything of another shape is the schema's to report. */
const READ = z.object({
  steps: z.array(z.object({ weight: z.int() })).default(DEFAULT_STEPS),
  approval: z.object({ before: z.array(z.int()) }),
});

export interface CrossProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Approvals must name weights that the rollout passes: those of its steps, or 100 for the promotion. */
export function crossProblems(value: unknown): readonly CrossProblem[] {
  const read = READ.safeParse(value);
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
