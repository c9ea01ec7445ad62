/**
 * Messages of queue `rollout-commands`: what may be asked for, and how a message must be addressed. The session is the
 * endpoint, so that commands for one endpoint keep their order; the message id is the command's id, so that the queue drops
 * repeats.
 */
import { z } from 'zod';
import { type Parsed, problemsOf } from './parsed.ts';

export const ROLLOUT_COMMANDS_QUEUE = 'rollout-commands';

const MAX_BYTES = 16_384;
const NO_REASON = 'no reason given';

const commandId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/, 'must be 1-100 letters, digits and . _ : -');
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/, 'must be an Azure ML name');
const version = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,100}$/, 'must be a version: letters, digits, dots, dashes, underscores');
const by = z.string().min(1).max(200);
const reason = z.string().min(1).max(1000).default(NO_REASON);
const rollout = z.string().min(1).max(200);

const start = z.strictObject({
  id: commandId,
  command: z.literal('start'),
  endpoint: name,
  model: name,
  version,
  by,
  reason,
});

/** Without `rollout`, the one that holds the endpoint's lane is meant, narrowed down by model and version where given. */
const steer = z.strictObject({
  id: commandId,
  command: z.enum(['pause', 'resume', 'promote', 'abort']),
  endpoint: name,
  rollout: rollout.optional(),
  model: name.optional(),
  version: version.optional(),
  by,
  reason,
});

/** An answer counts by the signed token of its approval link alone, wherever it comes from. */
const answer = z.strictObject({
  id: commandId,
  command: z.enum(['approve', 'decline']),
  endpoint: name,
  approvalId: z.string().min(1).max(220),
  token: z.string().min(1).max(4000),
  by: by.optional(),
  reason,
});

const commandSchema = z.discriminatedUnion('command', [start, steer, answer]);

export type StartMessage = z.output<typeof start>;
export type SteerMessage = z.output<typeof steer>;
export type AnswerMessage = z.output<typeof answer>;
export type RolloutCommandMessage = z.output<typeof commandSchema>;

/** What the broker says about a message beside its body. */
export interface MessageAddress {
  readonly messageId: string;
  readonly sessionId: string;
}

/** Takes the body as an object or as JSON text; a message whose address disagrees with its body is refused too. */
export function parseRolloutCommand(body: unknown, address: MessageAddress): Parsed<RolloutCommandMessage> {
  const read = plainValueOf(body);
  if (!read.ok) return read;
  const parsed = commandSchema.safeParse(read.value);
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error) };
  const { id, endpoint } = parsed.data;
  const problems = [
    ...(address.messageId === id
      ? []
      : [`the message id "${address.messageId.slice(0, 100)}" must be the command's id "${id}"`]),
    ...(address.sessionId === endpoint
      ? []
      : [`the session "${address.sessionId.slice(0, 100)}" must be the endpoint "${endpoint}"`]),
  ];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: parsed.data };
}

function plainValueOf(body: unknown): Parsed<unknown> {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  if (text.length > MAX_BYTES) return { ok: false, problems: [`the message is larger than ${MAX_BYTES} bytes`] };
  if (typeof body !== 'string') return { ok: true, value: body };
  try {
    return { ok: true, value: JSON.parse(body) };
  } catch {
    return { ok: false, problems: ['the message is not JSON'] };
  }
}
