/** A link on which a client sends to a queue or topic: every transfer is accepted or rejected, whole and at once. */
import type { EventContext, Receiver } from 'rhea';
import type { SendFaults } from '../control/send-faults.ts';
import { BrokerRefusal } from '../core/broker-refusal.ts';
import type { Intake } from '../core/intake.ts';
import { settleReceived } from './rhea-internals.ts';
import { amqpErrorOf, refusalOf } from './wire/amqp-error.ts';
import { decodeTransfer } from './wire/decode-message.ts';

export interface IntakeLinkOptions {
  readonly receiver: Receiver;
  readonly intake: Intake;
  readonly faults: SendFaults;
  /** Breaks the client's connection. */
  readonly drop: () => void;
}

export function serveIntakeLink(options: IntakeLinkOptions): void {
  options.receiver.on('message', (context: EventContext & { readonly format?: number }) =>
    takeTransfer(context, options),
  );
}

function takeTransfer(
  { message, delivery, format }: EventContext & { readonly format?: number },
  { intake, faults, drop }: IntakeLinkOptions,
): void {
  if (!delivery || message === undefined) return;
  const fault = faults.take(intake.path);
  try {
    if (fault === 'refuse') throw new BrokerRefusal('server-busy', 'This refusal was ordered by a test. Send again.');
    if (fault !== 'drop') intake.send(decodeTransfer(message, format ?? 0));
    if (fault) drop();
    else settleReceived(delivery);
  } catch (error) {
    settleReceived(delivery, amqpErrorOf(refusalOf(error)));
  }
}
