/**
 * A link on which a client receives.
 *
 * 1. It never sends more than the client has allowed, and answers a drain when nothing more is ready.
 * 2. Peek-lock deliveries are settled when the client disposes of them; a lost lock is answered with its error.
 * 3. When the link is closed, locks of messages live on and can be settled through management; a session is released.
 *    When the connection breaks, both are lost and count as failed deliveries.
 */
import type { Delivery, EventContext, Sender } from 'rhea';
import type { MessageQueue } from '../core/message-queue.ts';
import type { SessionLock } from '../core/session-table.ts';
import { type Outcome, readSettlement } from './read-settlement.ts';
import { answerDrain, deliveryLimit, hasRoomToSend, settleSent } from './rhea-internals.ts';
import { amqpErrorOf, refusalOf } from './wire/amqp-error.ts';
import { outgoingMessage } from './wire/encode-message.ts';
import { tagOfToken, tokenOfTag } from './wire/lock-token.ts';

const OUTCOMES: readonly Outcome[] = ['accepted', 'released', 'modified', 'rejected'];

export interface DeliveryLinkOptions {
  readonly sender: Sender;
  readonly queue: MessageQueue;
  readonly receiveAndDelete: boolean;
  /** Present where the entity requires sessions. */
  readonly session?: SessionLock | undefined;
}

export class DeliveryLink {
  readonly #options: DeliveryLinkOptions;
  readonly #unsettled = new Set<string>();
  readonly #stopWatching: () => void;
  /** Of all deliveries that the client allowed, those sent or given back. */
  #used = 0;
  #open = true;

  constructor(options: DeliveryLinkOptions) {
    const { sender, queue } = options;
    this.#options = options;
    this.#stopWatching = queue.watchers.add(() => this.#pump());
    sender.on('sender_flow', () => this.#pump());
    sender.on('sendable', () => this.#pump());
    sender.on('sender_draining', () => this.#drain());
    for (const outcome of OUTCOMES) {
      sender.on(outcome, ({ delivery }: EventContext) => delivery && this.#settle(delivery, outcome));
    }
  }

  /** The client detached the link in order. */
  close(): void {
    const session = this.#end();
    if (session) this.#options.queue.releaseSession(session);
  }

  /** The connection is gone. */
  break(): void {
    const session = this.#end();
    if (session) this.#options.queue.breakSession(session);
    else this.#options.queue.breakLocks(this.#unsettled);
  }

  #end(): SessionLock | undefined {
    this.#open = false;
    this.#stopWatching();
    return this.#options.session;
  }

  /** Sends what is ready and allowed; true when something was sent. */
  #pump(): boolean {
    const usedBefore = this.#used;
    while (this.#open && this.#used < deliveryLimit(this.#options.sender) && hasRoomToSend(this.#options.sender)) {
      if (!this.#sendNext()) break;
      this.#used += 1;
    }
    return this.#used > usedBefore;
  }

  #sendNext(): boolean {
    const { sender, queue, session, receiveAndDelete } = this.#options;
    if (receiveAndDelete) {
      const stored = queue.receiveAndDelete(session);
      if (stored) sender.send(outgoingMessage(stored));
      return stored !== undefined;
    }
    const locked = queue.receive(session);
    if (!locked) return false;
    this.#unsettled.add(locked.lockToken);
    sender.send(outgoingMessage(locked.stored, locked.lockedUntilMs), tagOfToken(locked.lockToken));
    return true;
  }

  #drain(): void {
    this.#used = deliveryLimit(this.#options.sender);
    answerDrain(this.#options.sender);
  }

  #settle(delivery: Delivery, outcome: Outcome): void {
    const token = tokenOfTag(delivery.tag);
    if (delivery.settled || token === undefined) return;
    this.#unsettled.delete(token);
    try {
      this.#options.queue.settle(token, readSettlement(outcome, delivery.remote_state ?? {}));
      settleSent(delivery);
    } catch (error) {
      settleSent(delivery, amqpErrorOf(refusalOf(error)));
    }
  }
}
