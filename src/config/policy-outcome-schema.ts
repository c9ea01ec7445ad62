/** The parts of a policy file's metrics that are about answers: their distribution, and what became of them. */
import { z } from 'zod';
import { isShare } from '../domain/judge/metrics/outcomes/outcome-value.ts';

export const DEFAULT_COLLECTION = 'model_outputs';

const collection = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_]{0,63}$/, 'must be the name of a collection of the data collector')
  .default(DEFAULT_COLLECTION);
const columnName = z.string().min(1).max(200);
const MAX_MATURITY_BUCKETS = 10_080;

export const predictionsSchema = z
  .strictObject({
    collection,
    column: columnName,
    marginPercentagePoints: z.number().min(0.5).max(50).default(5),
    settleBuckets: z.int().min(0).max(120).default(10),
  })
  .transform(({ marginPercentagePoints, ...rest }) => ({ ...rest, margin: marginPercentagePoints / 100 }));

const outcome = columnName;
const prediction = columnName;

const measure = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hit'), outcome }),
  z.strictObject({
    kind: z.literal('value'),
    outcome,
    range: z
      .tuple([z.number(), z.number()])
      .refine(([least, most]) => least < most, 'must be two numbers, the smaller one first'),
  }),
  z.strictObject({ kind: z.literal('equal'), outcome, prediction }),
  z.strictObject({ kind: z.literal('within'), outcome, prediction, tolerance: z.number().positive() }),
  z.strictObject({ kind: z.literal('distance'), outcome, prediction, most: z.number().positive() }),
]);

export const outcomesSchema = z
  .strictObject({
    folder: z
      .string()
      .max(1000)
      .regex(
        /^azureml:\/\/datastores\/[A-Za-z0-9_]+\/paths\/.+$/,
        'must be azureml://datastores/<name>/paths/<folder>/',
      ),
    collection,
    key: columnName.default('correlationid'),
    measure,
    maturityBuckets: z.int().min(0).max(MAX_MATURITY_BUCKETS),
    margin: z.number().min(0),
    promoteMargin: z.number().positive(),
    requiredForPromotion: z.boolean().default(false),
  })
  .refine(({ margin, promoteMargin }) => promoteMargin >= margin, {
    path: ['promoteMargin'],
    message: 'must not be below margin',
  })
  .refine(({ measure: by, promoteMargin }) => !isShare(by) || promoteMargin < 1, {
    path: ['promoteMargin'],
    message: 'must be below 1: the metric is a share',
  });
