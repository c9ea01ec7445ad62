/** How refusals look on the wire: AMQP conditions on links, status codes on request-response links. */
import type { AmqpError } from 'rhea';
import { BrokerRefusal, type RefusalCode } from '../../core/broker-refusal.ts';

interface WireForm {
  readonly condition: string;
  readonly status: number;
}

/** Conditions and codes: "AMQP errors in Azure Service Bus", and the error table of \@azure/core-amqp 4.4.2. */
const WIRE_FORMS: Record<RefusalCode, WireForm> = {
  'entity-not-found': { condition: 'amqp:not-found', status: 404 },
  'message-not-found': { condition: 'com.microsoft:message-not-found', status: 404 },
  'message-lock-lost': { condition: 'com.microsoft:message-lock-lost', status: 410 },
  'session-lock-lost': { condition: 'com.microsoft:session-lock-lost', status: 410 },
  'session-cannot-be-locked': { condition: 'com.microsoft:session-cannot-be-locked', status: 410 },
  'message-too-large': { condition: 'amqp:link:message-size-exceeded', status: 403 },
  'quota-exceeded': { condition: 'amqp:resource-limit-exceeded', status: 403 },
  'not-allowed': { condition: 'amqp:not-allowed', status: 400 },
  'bad-request': { condition: 'com.microsoft:argument-error', status: 400 },
  'not-implemented': { condition: 'amqp:not-implemented', status: 501 },
  unauthorized: { condition: 'amqp:unauthorized-access', status: 401 },
  'server-busy': { condition: 'com.microsoft:server-busy', status: 503 },
  timeout: { condition: 'com.microsoft:timeout', status: 408 },
  'internal-error': { condition: 'amqp:internal-error', status: 500 },
};

export function wireFormOf(refusal: BrokerRefusal): WireForm {
  return WIRE_FORMS[refusal.code];
}

export function amqpErrorOf(refusal: BrokerRefusal): AmqpError {
  return { condition: wireFormOf(refusal).condition, description: refusal.message };
}

/** Anything thrown, as a refusal: what is not one already is a defect of the broker or an unreadable message. */
export function refusalOf(error: unknown): BrokerRefusal {
  if (error instanceof BrokerRefusal) return error;
  return new BrokerRefusal('internal-error', `The local Service Bus could not do this: ${String(error)}`);
}
