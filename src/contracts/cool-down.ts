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
    }),
  }),
  z.strictObject({
    operation: z.literal('renew'),
    input: z.strictObject({ retrainingId: text, nowIso: iso }),
  }),
  z.strictObject({
    operation: z.literal('markSpent'),
    input: z.strictObject({ retrainingId: text, nowIso: iso }),
  }),
  z.strictObject({
    operation: z.literal('abort'),
    input: z.strictObject({ retrainingId: text, by: text, reason: z.string().min(1).max(1000) }),
  }),
  z.strictObject({ operation: z.literal('release'), input: z.strictObject({ retrainingId: text }) }),
]);

export type CoolDownCall = z.output<typeof coolDownCallSchema>;
