/** Shapes of the calls to the cool-down entity. */
import { z } from 'zod';

const text = z.string().min(1).max(300);
const iso = z.iso.datetime();

export const coolDownCallSchema = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.literal('claim'),
    input: z.strictObject({
      retrainingId: text,
      nowIso: iso,
      coolDownSeconds: z.number().min(0),
      ignoreCoolDown: z.boolean(),
      waitSinceIso: iso.optional(),
    }),
  }),
  z.strictObject({
    operation: z.literal('renew'),
    input: z.strictObject({ retrainingId: text, nowIso: iso }),
  }),
  z.strictObject({
    operation: z.literal('markSpent'),
    input: z.strictObject({ retrainingId: text, nowIso: iso, dataAsOfIso: iso.nullable().default(null) }),
  }),
  z.strictObject({ operation: z.literal('giveBack'), input: z.strictObject({ retrainingId: text }) }),
  z.strictObject({
    operation: z.literal('abort'),
    input: z.strictObject({ retrainingId: text, by: text, reason: z.string().min(1).max(1000) }),
  }),
  z.strictObject({
    operation: z.literal('release'),
    input: z.strictObject({ retrainingId: text, judgedData: z.string().max(2000).nullable().default(null) }),
  }),
]);

export type CoolDownCall = z.output<typeof coolDownCallSchema>;
