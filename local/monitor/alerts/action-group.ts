/** What an action group may say: webhook receivers with the common alert schema ("Action Groups - Create Or Update", 2023-01-01). */
import { z } from 'zod';
import { parseBody } from './alert-problem.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

const receiverSchema = z
  .object({
    name: z.string().min(1).max(200),
    /** Only loopback can be reached from here. */
    serviceUri: z.url().refine((uri) => LOOPBACK.includes(new URL(uri).hostname), 'must be on this machine'),
    useCommonAlertSchema: z.literal(true, 'only the common alert schema is sent'),
    /** A secure webhook: the request carries a token for `identifierUri`. */
    useAadAuth: z.boolean().default(false),
    objectId: z.string().optional(),
    identifierUri: z.string().min(1).max(500).optional(),
    tenantId: z.string().optional(),
  })
  .refine(({ useAadAuth, identifierUri }) => !useAadAuth || identifierUri !== undefined, {
    path: ['identifierUri'],
    message: 'a secure webhook names the application that the token is for',
  });

const bodySchema = z.object({
  location: z.string(),
  tags: z.record(z.string(), z.string()).default({}),
  properties: z.object({
    groupShortName: z.string().min(1).max(12),
    enabled: z.boolean(),
    webhookReceivers: z.array(receiverSchema).max(10).default([]),
  }),
});

export type WebhookReceiver = z.infer<typeof receiverSchema>;

export interface ActionGroup {
  readonly id: string;
  readonly name: string;
  readonly body: z.infer<typeof bodySchema>;
}

/** Throws an AlertProblem that names every fault. */
export function parseActionGroup(id: string, name: string, value: unknown): ActionGroup {
  return { id, name, body: parseBody(bodySchema, value, 'action group') };
}
