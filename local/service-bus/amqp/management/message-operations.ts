/** Management operations of receivers on messages: peek, renew locks, take deferred messages, settle without a link. */
import rhea from 'rhea';
import { z } from 'zod';
import type { LockedMessage, StoredMessage } from '../../core/broker-message.ts';
import { BrokerRefusal } from '../../core/broker-refusal.ts';
import { peekMessages } from '../../core/peek.ts';
import type { Settlement } from '../../core/settlement.ts';
import { MAX_MESSAGE_BYTES } from '../wire/decode-message.ts';
import { encodedMessage } from '../wire/encode-message.ts';
import { bytesOfToken, tokenOfBytes } from '../wire/lock-token.ts';
import { fields, type ManagementOperation, readBody, requireQueue } from './management-request.ts';

const TIMESTAMP = 0x83;
const MAX_PEEKED = 250;
const RECEIVE_AND_DELETE = 0;

const peekSchema = z.object({
  'from-sequence-number': fields.sequenceNumber,
  'message-count': z.int().min(1),
  'session-id': fields.sessionId.optional(),
});
const renewSchema = z.object({ 'lock-tokens': fields.lockTokens });
const receiveSchema = z.object({
  'sequence-numbers': fields.sequenceNumbers,
  'receiver-settle-mode': z.int().min(0).max(1),
  'session-id': fields.sessionId.optional(),
});
const dispositionSchema = z.object({
  'lock-tokens': fields.lockTokens,
  /** `defered` is spelled so on the wire. */
  'disposition-status': z.enum(['completed', 'abandoned', 'defered', 'suspended']),
  'deadletter-reason': z.string().max(4096).optional(),
  'deadletter-description': z.string().max(4096).optional(),
  'properties-to-modify': z.record(z.string(), z.unknown()).optional(),
});

export const peekMessage: ManagementOperation = (request) => {
  const body = readBody(peekSchema, request);
  const scheduled = request.entity.intake?.scheduled.all() ?? [];
  const peeked = peekMessages([...requireQueue(request).all(), ...scheduled], {
    fromSequenceNumber: body['from-sequence-number'],
    maxCount: Math.min(body['message-count'], MAX_PEEKED),
    maxBytes: MAX_MESSAGE_BYTES,
    sessionId: body['session-id'],
  });
  if (peeked.length === 0) return { status: 204, body: null };
  return { status: 200, body: { messages: peeked.map((stored) => ({ message: encodedMessage(stored) })) } };
};

export const renewLock: ManagementOperation = (request) => {
  const queue = requireQueue(request);
  const endsMs = readBody(renewSchema, request)['lock-tokens'].map((bytes) => queue.renew(tokenOfBytes(bytes)));
  return { status: 200, body: { expirations: rhea.types.wrap_array(endsMs, TIMESTAMP, undefined) } };
};

export const receiveBySequenceNumber: ManagementOperation = (request) => {
  const body = readBody(receiveSchema, request);
  const queue = requireQueue(request);
  const numbers = body['sequence-numbers'];
  const messages =
    body['receiver-settle-mode'] === RECEIVE_AND_DELETE
      ? queue.receiveAndDeleteDeferred(numbers, body['session-id']).map(deletedEntry)
      : queue.receiveDeferred(numbers, body['session-id']).map(lockedEntry);
  return { status: 200, body: { messages } };
};

export const updateDisposition: ManagementOperation = (request) => {
  const body = readBody(dispositionSchema, request);
  const queue = requireQueue(request);
  const settlement = settlementOf(body);
  for (const bytes of body['lock-tokens']) queue.settle(tokenOfBytes(bytes), settlement);
  return { status: 200, body: null };
};

function settlementOf(body: z.infer<typeof dispositionSchema>): Settlement {
  const properties = body['properties-to-modify'] ?? {};
  switch (body['disposition-status']) {
    case 'completed':
      return { type: 'complete' };
    case 'abandoned':
      return { type: 'abandon', properties };
    case 'defered':
      return { type: 'defer', properties };
    case 'suspended':
      return {
        type: 'dead-letter',
        properties,
        cause: { reason: body['deadletter-reason'] ?? '', description: body['deadletter-description'] ?? '' },
      };
  }
}

function lockedEntry({ stored, lockToken, lockedUntilMs }: LockedMessage) {
  return {
    message: encodedMessage(stored, lockedUntilMs),
    'lock-token': rhea.types.wrap_uuid(bytesOfToken(lockToken)),
  };
}

function deletedEntry(stored: StoredMessage) {
  return { message: encodedMessage(stored) };
}

/** Rules are fixed by configuration here; silence would make a client believe that it had changed them. */
export const refuseRuleChange: ManagementOperation = ({ entity }) => {
  throw new BrokerRefusal(
    'not-implemented',
    `Rules of ${entity.path} cannot be read or changed over AMQP here: they are set by the configuration at start.`,
  );
};
