/**
 * The `$management` node of an entity: request and answer over a pair of links.
 *
 * Operations: "AMQP 1.0 request/response based operations in Azure Service Bus"; status names as read by
 * \@azure/core-amqp 4.4.2.
 */
import rhea, { type EventContext, type Message, type Receiver } from 'rhea';
import { BrokerRefusal } from '../../core/broker-refusal.ts';
import type { Entity } from '../../core/namespace.ts';
import { refusalOf, wireFormOf } from '../wire/amqp-error.ts';
import type { ReplyLinks } from '../wire/reply-links.ts';
import type { ManagementOperation } from './management-request.ts';
import {
  peekMessage,
  receiveBySequenceNumber,
  refuseRuleChange,
  renewLock,
  updateDisposition,
} from './message-operations.ts';
import { cancelScheduledMessage, scheduleMessage } from './schedule-operations.ts';
import { getSessionState, renewSessionLock, setSessionState } from './session-operations.ts';

const OPERATIONS = new Map<unknown, ManagementOperation>([
  ['com.microsoft:schedule-message', scheduleMessage],
  ['com.microsoft:cancel-scheduled-message', cancelScheduledMessage],
  ['com.microsoft:peek-message', peekMessage],
  ['com.microsoft:renew-lock', renewLock],
  ['com.microsoft:receive-by-sequence-number', receiveBySequenceNumber],
  ['com.microsoft:update-disposition', updateDisposition],
  ['com.microsoft:renew-session-lock', renewSessionLock],
  ['com.microsoft:set-session-state', setSessionState],
  ['com.microsoft:get-session-state', getSessionState],
  ['com.microsoft:add-rule', refuseRuleChange],
  ['com.microsoft:remove-rule', refuseRuleChange],
  ['com.microsoft:enumerate-rules', refuseRuleChange],
]);

export interface ManagementNodeOptions {
  readonly receiver: Receiver;
  readonly entity: Entity;
  readonly replies: ReplyLinks;
}

export function serveManagementNode({ receiver, entity, replies }: ManagementNodeOptions): void {
  receiver.on('message', ({ message, delivery }: EventContext) => {
    delivery?.accept();
    if (message) replies.reply(message, answer(message, entity));
  });
}

function answer(message: Message, entity: Entity): Pick<Message, 'application_properties' | 'body'> {
  try {
    const { status, body } = operationOf(message)({ entity, body: message.body });
    return { application_properties: { statusCode: rhea.types.wrap_int(status), statusDescription: 'OK' }, body };
  } catch (error) {
    const refusal = refusalOf(error);
    const { status, condition } = wireFormOf(refusal);
    return {
      application_properties: {
        statusCode: rhea.types.wrap_int(status),
        statusDescription: refusal.message,
        errorCondition: rhea.types.wrap_symbol(condition),
      },
      body: null,
    };
  }
}

function operationOf({ application_properties: properties }: Message): ManagementOperation {
  const operation = OPERATIONS.get(properties?.operation);
  if (operation) return operation;
  throw new BrokerRefusal(
    'not-implemented',
    `The management operation '${properties?.operation}' is not supported by the local Service Bus.`,
  );
}
