/** The $cbs node: a client puts tokens here before it attaches links to entities. */
import rhea, { type EventContext, type Message, type Receiver } from 'rhea';
import { z } from 'zod';
import { checkToken, type TokenRules } from './check-token.ts';
import type { Claims } from './claims.ts';
import { refusalOf, wireFormOf } from './wire/amqp-error.ts';
import type { ReplyLinks } from './wire/reply-links.ts';

const putTokenSchema = z.object({
  body: z.string().max(16_384),
  application_properties: z.object({
    operation: z.literal('put-token', { error: 'The $cbs node knows the operation put-token only.' }),
    type: z.string(),
    name: z.string().max(1024),
  }),
});

const ACCEPTED = 202;

export interface TokenNodeOptions {
  readonly receiver: Receiver;
  readonly replies: ReplyLinks;
  readonly claims: Claims;
  readonly rules: TokenRules;
}

export function serveTokenNode({ receiver, replies, claims, rules }: TokenNodeOptions): void {
  receiver.on('message', async ({ message, delivery }: EventContext) => {
    delivery?.accept();
    if (message) replies.reply(message, await answerPutToken(message, claims, rules));
  });
}

async function answerPutToken(message: Message, claims: Claims, rules: TokenRules) {
  try {
    const { body, application_properties: properties } = putTokenSchema.parse(message);
    const { path, expiresAtMs } = await checkToken({ ...properties, token: body }, rules);
    claims.grant(path, expiresAtMs);
    return answer(ACCEPTED, 'Accepted');
  } catch (error) {
    const refusal = refusalOf(error instanceof z.ZodError ? z.prettifyError(error) : error);
    return answer(wireFormOf(refusal).status, refusal.message);
  }
}

function answer(status: number, description: string) {
  return {
    application_properties: { 'status-code': rhea.types.wrap_int(status), 'status-description': description },
    body: null,
  };
}
