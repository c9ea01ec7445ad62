/**
 * Answers a client that wants to receive: with a link to the entity, with a session where it requires them, or not.
 *
 * A client that asks for any session waits for one until the time-out it names; the answer to its attach is held so long.
 */
import rhea, { type Sender } from 'rhea';
import type { Cancel, Clock } from '../../emulator/clock.ts';
import { BrokerRefusal } from '../core/broker-refusal.ts';
import type { MessageQueue } from '../core/message-queue.ts';
import type { SessionLock } from '../core/session-table.ts';
import { DeliveryLink } from './delivery-link.ts';
import { holdAttach, setAttachFields } from './rhea-internals.ts';
import { amqpErrorOf } from './wire/amqp-error.ts';

const SESSION_FILTER = 'com.microsoft:session-filter';
const LOCKED_UNTIL = 'com.microsoft:locked-until-utc';
const WAIT_PROPERTY = 'com.microsoft:timeout';
const DEFAULT_WAIT_MS = 60_000;
/** The client's own timer starts earlier than ours and must not win. */
const ANSWER_EARLY_MS = 1000;
const TICKS_PER_MS = 10_000n;
const TICKS_AT_EPOCH = 621_355_968_000_000_000n;
const SETTLED_BY_SENDER = 1;

export interface AttachOptions {
  readonly sender: Sender;
  readonly queue: MessageQueue;
  readonly clock: Clock;
  readonly onOpen: (link: DeliveryLink) => void;
}

/** A wait that is not over yet can be given up with the returned function. Throws BrokerRefusal. */
export function attachDeliveryLink(options: AttachOptions): Cancel {
  const { sender, queue } = options;
  const wanted = wantedSession(sender);
  if (wanted.type === 'none') {
    if (queue.rules.requiresSession) {
      throw new BrokerRefusal('not-allowed', `${queue.path} requires sessions: accept a session to receive from it.`);
    }
    open(options, undefined);
    return () => {};
  }
  if (!queue.rules.requiresSession) {
    throw new BrokerRefusal('not-allowed', `${queue.path} has no sessions: receive from it without accepting one.`);
  }
  const onLost = () => loseSession(sender, queue.path);
  if (wanted.type === 'one') {
    open(options, queue.sessions.accept(wanted.sessionId, onLost));
    return () => {};
  }
  return waitForSession(options, onLost);
}

type WantedSession =
  | { readonly type: 'none' }
  | { readonly type: 'any' }
  | { readonly type: 'one'; readonly sessionId: string };

function wantedSession(sender: Sender): WantedSession {
  const filter: Record<string, unknown> = sender.source.filter ?? {};
  if (!(SESSION_FILTER in filter)) return { type: 'none' };
  const sessionId = filter[SESSION_FILTER];
  return typeof sessionId === 'string' ? { type: 'one', sessionId } : { type: 'any' };
}

function waitForSession(options: AttachOptions, onLost: () => void): Cancel {
  const { sender, queue, clock } = options;
  const session = queue.acceptNextSession(onLost);
  if (session) {
    open(options, session);
    return () => {};
  }
  holdAttach(sender);
  const stopWatching = queue.watchers.add(() => {
    const freed = queue.acceptNextSession(onLost);
    if (!freed) return false;
    giveUp();
    open(options, freed);
    sender.open();
    return true;
  });
  const stopTimer = clock.after(waitMs(sender), () => {
    giveUp();
    sender.open();
    const refusal = new BrokerRefusal('timeout', `No session of ${queue.path} with messages became free in time.`);
    sender.close(amqpErrorOf(refusal));
  });
  const giveUp = () => {
    stopWatching();
    stopTimer();
  };
  return giveUp;
}

function waitMs(sender: Sender): number {
  const asked = Number(sender.properties?.[WAIT_PROPERTY] ?? DEFAULT_WAIT_MS);
  const boundedMs = Math.min(Number.isFinite(asked) ? asked : DEFAULT_WAIT_MS, DEFAULT_WAIT_MS * 10);
  return Math.max(boundedMs - ANSWER_EARLY_MS, boundedMs / 2);
}

function open({ sender, queue, onOpen }: AttachOptions, session: SessionLock | undefined): void {
  const { address } = sender.source;
  sender.set_source(session ? { address, filter: { [SESSION_FILTER]: session.sessionId } } : { address });
  sender.set_target(sender.target ?? { address: '' });
  setAttachFields(sender, {
    snd_settle_mode: sender.snd_settle_mode,
    rcv_settle_mode: sender.rcv_settle_mode,
    ...(session ? { properties: { [LOCKED_UNTIL]: ticksOf(session.lockedUntilMs) } } : {}),
  });
  onOpen(new DeliveryLink({ sender, queue, session, receiveAndDelete: sender.snd_settle_mode === SETTLED_BY_SENDER }));
}

function loseSession(sender: Sender, path: string): void {
  sender.close(
    amqpErrorOf(new BrokerRefusal('session-lock-lost', `The session lock on ${path} has expired. Accept it again.`)),
  );
}

/** .NET ticks, too large for a number. */
function ticksOf(ms: number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(ms) * TICKS_PER_MS + TICKS_AT_EPOCH);
  return rhea.types.wrap_long(bytes);
}
