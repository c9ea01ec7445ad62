/** The `smokeTest` part of a policy file: requests and the shape of the reply that each must bring. */
import { z } from 'zod';
import type { ReplyShape } from '../domain/policy/policy.ts';

const MAX_REQUESTS = 10;
const MAX_BODY_CHARACTERS = 16_384;
const MAX_DEPTH = 8;

const replyShape: z.ZodType<ReplyShape> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['number', 'string', 'boolean']) }),
  z.strictObject({
    type: z.literal('array'),
    get items() {
      return replyShape;
    },
    minItems: z.int().min(0).max(10_000).optional(),
  }),
  z.strictObject({
    type: z.literal('object'),
    get properties() {
      return z.record(z.string().max(200), replyShape);
    },
  }),
]);

const smokeRequest = z.strictObject({
  name: z.string().regex(/^[\w .-]{1,60}$/, 'must be a name of 1 to 60 letters, digits, blanks, . _ and -'),
  body: z
    .json({ error: 'must be JSON' })
    .refine(
      (body) => JSON.stringify(body).length <= MAX_BODY_CHARACTERS,
      `must be at most ${MAX_BODY_CHARACTERS} characters as JSON`,
    ),
  expect: replyShape.refine((shape) => depthOf(shape) <= MAX_DEPTH, `must not be deeper than ${MAX_DEPTH}`),
});

export const smokeTestSchema = z.strictObject({
  requests: z
    .array(smokeRequest)
    .min(1)
    .max(MAX_REQUESTS)
    .superRefine((requests, ctx) => {
      const names = requests.map(({ name }) => name);
      for (const [index, name] of names.entries()) {
        if (names.indexOf(name) === index) continue;
        ctx.addIssue({ code: 'custom', path: [index, 'name'], message: `"${name}" is the name of an earlier request` });
      }
    }),
});

function depthOf(shape: ReplyShape): number {
  if (shape.type === 'array') return 1 + depthOf(shape.items);
  if (shape.type === 'object') return 1 + Math.max(0, ...Object.values(shape.properties).map(depthOf));
  return 1;
}
