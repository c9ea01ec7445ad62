/**
 * One client's connection: routes its links to the nodes they name, and gives back what it holds when it ends.
 *
 * A link is refused as AMQP prescribes it: it is attached without a terminus, then detached with the error.
 */
import type { Socket } from 'node:net';
import type { Connection, Container, EventContext, link as Link, Receiver, Sender } from 'rhea';
import type { Cancel, Clock } from '../../emulator/clock.ts';
import type { SendFaults } from '../control/send-faults.ts';
import { BrokerRefusal } from '../core/broker-refusal.ts';
import type { Namespace } from '../core/namespace.ts';
import { attachDeliveryLink } from './attach-delivery-link.ts';
import type { TokenRules } from './check-token.ts';
import { Claims } from './claims.ts';
import type { DeliveryLink } from './delivery-link.ts';
import { type LinkAddress, readAddress } from './entity-address.ts';
import { serveIntakeLink } from './intake-link.ts';
import { serveManagementNode } from './management/management-node.ts';
import { serveSocket, setAttachFields } from './rhea-internals.ts';
import { serveTokenNode } from './token-node.ts';
import { amqpErrorOf, refusalOf } from './wire/amqp-error.ts';
import { MAX_MESSAGE_BYTES } from './wire/decode-message.ts';
import { ReplyLinks } from './wire/reply-links.ts';

export interface ClientConnectionOptions {
  readonly container: Container;
  readonly namespace: Namespace;
  readonly clock: Clock;
  readonly tokens: TokenRules;
  readonly faults: SendFaults;
  readonly log: (line: string) => void;
}

/** Frames of the size that Azure offers; settling and credit are ours, so rhea's automatics are off. */
const CONNECTION_OPTIONS = {
  max_frame_size: 65_536,
  receiver_options: { autoaccept: false, credit_window: 1000, max_message_size: MAX_MESSAGE_BYTES },
  sender_options: { treat_modified_as_released: false },
};

export class ClientConnection {
  readonly #options: ClientConnectionOptions;
  readonly #socket: Socket;
  readonly #claims: Claims;
  readonly #replies = new ReplyLinks();
  readonly #deliveryLinks = new Set<DeliveryLink>();
  readonly #waits = new Set<Cancel>();

  constructor(socket: Socket, options: ClientConnectionOptions) {
    this.#options = options;
    this.#socket = socket;
    this.#claims = new Claims(options.clock);
    const connection = serveSocket(options.container, socket, CONNECTION_OPTIONS);
    connection.on('receiver_open', ({ receiver }: EventContext) => receiver && this.#takeLink(receiver));
    connection.on('sender_open', ({ sender }: EventContext) => sender && this.#giveLink(sender));
    this.#tolerateErrors(connection);
    socket.once('close', () => this.#end());
  }

  /** Cuts the connection as a network failure would. */
  drop(): void {
    this.#socket.destroy(new Error('The connection was dropped by the broker.'));
  }

  /** The client sends on this link. */
  #takeLink(receiver: Receiver): void {
    this.#orRefuse(receiver, () => {
      const address = readAddress(receiver.target?.address ?? '');
      if (address.type === 'tokens') {
        serveTokenNode({ receiver, replies: this.#replies, claims: this.#claims, rules: this.#options.tokens });
      } else {
        this.#claims.require(claimFor(address));
        const entity = this.#options.namespace.entity(address.path);
        if (address.type === 'management') serveManagementNode({ receiver, entity, replies: this.#replies });
        else if (entity.intake) {
          const { faults } = this.#options;
          serveIntakeLink({ receiver, intake: entity.intake, faults, drop: () => this.drop() });
        } else throw new BrokerRefusal('not-allowed', `${entity.path} cannot be sent to: send to its queue or topic.`);
      }
      receiver.set_target({ address: receiver.target.address });
      receiver.set_source({ address: receiver.source?.address ?? '' });
      setAttachFields(receiver, { snd_settle_mode: receiver.snd_settle_mode });
    });
  }

  /** The client receives on this link. */
  #giveLink(sender: Sender): void {
    this.#orRefuse(sender, () => {
      const address = readAddress(sender.source?.address ?? '');
      if (address.type === 'entity') return this.#deliver(sender, address.path);
      if (address.type === 'management') {
        this.#claims.require(claimFor(address));
        this.#options.namespace.entity(address.path);
      }
      this.#replies.add(sender);
      sender.set_source({ address: sender.source.address });
      sender.set_target({ address: sender.target?.address ?? '' });
    });
  }

  #deliver(sender: Sender, path: string): void {
    this.#claims.require(path);
    const { queue } = this.#options.namespace.entity(path);
    if (!queue) throw new BrokerRefusal('not-allowed', `${path} is a topic: receive from one of its subscriptions.`);
    let stopWaiting: Cancel = () => {};
    stopWaiting = attachDeliveryLink({
      sender,
      queue,
      clock: this.#options.clock,
      onOpen: (link) => {
        this.#waits.delete(stopWaiting);
        this.#deliveryLinks.add(link);
        sender.on('sender_close', () => {
          this.#deliveryLinks.delete(link);
          link.close();
        });
      },
    });
    this.#waits.add(stopWaiting);
    sender.on('sender_close', () => this.#stopWait(stopWaiting));
  }

  #stopWait(stopWaiting: Cancel): void {
    stopWaiting();
    this.#waits.delete(stopWaiting);
  }

  #orRefuse(link: Link, attach: () => void): void {
    try {
      attach();
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.code === 'internal-error') this.#options.log(refusal.message);
      link.close(amqpErrorOf(refusal));
    }
  }

  /** What a client reports or breaks must not end the broker: unhandled, rhea prints or throws these. */
  #tolerateErrors(connection: Connection): void {
    for (const event of ['disconnected', 'connection_error', 'session_error', 'sender_error', 'receiver_error']) {
      connection.on(event, () => {});
    }
    for (const event of ['protocol_error', 'error']) {
      connection.on(event, (problem: unknown) => this.#options.log(`A client connection failed: ${String(problem)}`));
    }
  }

  #end(): void {
    for (const stopWaiting of this.#waits) stopWaiting();
    for (const link of this.#deliveryLinks) link.break();
    this.#waits.clear();
    this.#deliveryLinks.clear();
  }
}

/** A client puts a token of its own for a management node. */
function claimFor(address: Exclude<LinkAddress, { type: 'tokens' }>): string {
  return address.type === 'management' ? `${address.path}/$management` : address.path;
}
