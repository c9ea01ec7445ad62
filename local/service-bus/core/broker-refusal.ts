/** A refusal of the broker: a stable code for programs and a sentence for people. */

export type RefusalCode =
  | 'entity-not-found'
  | 'message-lock-lost'
  | 'session-lock-lost'
  | 'session-cannot-be-locked'
  | 'message-not-found'
  | 'message-too-large'
  | 'quota-exceeded'
  | 'not-allowed'
  | 'bad-request'
  | 'not-implemented'
  | 'unauthorized'
  | 'server-busy'
  | 'timeout'
  | 'internal-error';

export class BrokerRefusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'BrokerRefusal';
    this.code = code;
  }
}
