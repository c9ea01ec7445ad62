/**
 * The only place that touches parts of rhea 3.0.5 which its types do not declare; each says why it must.
 */
import type { Socket } from 'node:net';
import rhea, { type AmqpError, type Connection, type Container, type Delivery, type Sender } from 'rhea';

interface LinkInternals {
  credit: number;
  delivery_count: number;
  issue_flow: boolean;
  readonly local: { readonly attach: Record<string, unknown> };
  readonly state: { local_open: boolean; open_requests: number };
  readonly connection: { _register(): void };
  readonly session: { readonly outgoing: { available(): number } };
  _get_drain?: () => boolean;
}

interface Outcome {
  described(): unknown;
}

const outcomes = rhea.message as unknown as {
  accepted(): Outcome;
  rejected(fields: { error: AmqpError }): Outcome;
};

function internalsOf(link: object): LinkInternals {
  return link as unknown as LinkInternals;
}

/** What the broker's attach says beyond the terminus. A peek-lock client checks that its settle modes come back. */
export function setAttachFields(
  link: object,
  fields: { snd_settle_mode?: number; rcv_settle_mode?: number; properties?: Record<string, unknown> },
): void {
  Object.assign(internalsOf(link).local.attach, fields);
}

/** Keeps the answer to an attach back until `link.open()`; rhea otherwise answers at the end of the turn. */
export function holdAttach(link: object): void {
  const { state } = internalsOf(link);
  state.local_open = false;
  state.open_requests = 0;
}

/** How many deliveries the receiver has allowed on this link since it was attached. */
export function deliveryLimit(sender: Sender): number {
  const { credit, delivery_count } = internalsOf(sender);
  return delivery_count + credit;
}

/** False while rhea's ring of unsettled deliveries is full. */
export function hasRoomToSend(sender: Sender): boolean {
  return internalsOf(sender).session.outgoing.available() > 0;
}

/**
 * Gives the rest of the credit back. rhea's own answer is silent when sends of the same turn use up the credit; the
 * client then waits for its time-out and closes the link.
 */
export function answerDrain(sender: Sender): void {
  const link = internalsOf(sender);
  link._get_drain = () => {
    link.delivery_count += link.credit;
    link.credit = 0;
    delete link._get_drain;
    return true;
  };
  link.issue_flow = true;
  link.connection._register();
}

/** Settles a delivery that the client has only disposed of. The client never settles back: without the flag the ring fills. */
export function settleSent(delivery: Delivery, refusal?: AmqpError): void {
  const outcome = refusal ? outcomes.rejected({ error: refusal }) : outcomes.accepted();
  delivery.update(true, outcome.described());
  Object.assign(delivery, { remote_settled: true });
}

/** Settles a delivery that the client sent, whatever settle mode the link has. */
export function settleReceived(delivery: Delivery, refusal?: AmqpError): void {
  const outcome = refusal ? outcomes.rejected({ error: refusal }) : outcomes.accepted();
  delivery.update(true, outcome.described());
}

/** Serves one accepted socket; rhea only exports listeners that hide the socket. */
export function serveSocket(container: Container, socket: Socket, options: object): Connection {
  const connection = container.create_connection(options as never);
  connection.accept(socket);
  return connection;
}
