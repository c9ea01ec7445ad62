/** Management operations of session receivers: renew the lock, read and write the session state. */
import rhea from 'rhea';
import { z } from 'zod';
import { BrokerRefusal } from '../../core/broker-refusal.ts';
import { MAX_MESSAGE_BYTES } from '../wire/decode-message.ts';
import { fields, type ManagementOperation, readBody, requireQueue } from './management-request.ts';

const sessionSchema = z.object({ 'session-id': fields.sessionId });
const stateSchema = sessionSchema.extend({ 'session-state': fields.bytes.nullish() });

export const renewSessionLock: ManagementOperation = (request) => {
  const { 'session-id': sessionId } = readBody(sessionSchema, request);
  const untilMs = requireQueue(request).sessions.renew(sessionId);
  return { status: 200, body: { expiration: rhea.types.wrap_timestamp(untilMs) } };
};

export const setSessionState: ManagementOperation = (request) => {
  const { 'session-id': sessionId, 'session-state': state } = readBody(stateSchema, request);
  if (state && state.length > MAX_MESSAGE_BYTES) {
    throw new BrokerRefusal(
      'message-too-large',
      `The state of a session has at most ${MAX_MESSAGE_BYTES} bytes, this one has ${state.length}.`,
    );
  }
  requireQueue(request).sessions.setState(sessionId, state ?? undefined);
  return { status: 200, body: null };
};

export const getSessionState: ManagementOperation = (request) => {
  const { 'session-id': sessionId } = readBody(sessionSchema, request);
  return { status: 200, body: { 'session-state': requireQueue(request).sessions.state(sessionId) ?? null } };
};
