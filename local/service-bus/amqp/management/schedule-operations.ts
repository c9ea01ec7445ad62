/** Management operations of senders: schedule messages and cancel them. */
import rhea from 'rhea';
import { z } from 'zod';
import { decodeMessage } from '../wire/decode-message.ts';
import { fields, type ManagementOperation, readBody, requireIntake } from './management-request.ts';

const LONG = 0x81;
const MAX_MESSAGES = 4096;

const scheduleSchema = z.object({
  messages: z
    .array(z.object({ message: fields.bytes }))
    .min(1)
    .max(MAX_MESSAGES),
});
const cancelSchema = z.object({ 'sequence-numbers': fields.sequenceNumbers });

export const scheduleMessage: ManagementOperation = (request) => {
  const { messages } = readBody(scheduleSchema, request);
  const batch = messages.map(({ message }) => decodeMessage(message));
  const numbers = requireIntake(request).schedule(batch);
  return { status: 200, body: { 'sequence-numbers': rhea.types.wrap_array(numbers, LONG, undefined) } };
};

export const cancelScheduledMessage: ManagementOperation = (request) => {
  const { 'sequence-numbers': numbers } = readBody(cancelSchema, request);
  requireIntake(request).scheduled.cancel(numbers);
  return { status: 200, body: null };
};
