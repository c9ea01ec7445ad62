/**
 * Delivers accepted events to the subscriptions that match them.
 *
 * 1. Deliveries are independent: no order among them, and one subscriber's failure never touches another's.
 * 2. An event is attempted until a 200-204, a final code, the last attempt, or the end of its life (looked at only
 *    when an attempt is due); then it becomes a dead letter, or is lost when the subscription names no place for it.
 * 3. A subscription that was changed meanwhile is used as it is now; a deleted one receives nothing more.
 * 4. At most MAX_PENDING deliveries are under way; an event above that is recorded as dropped.
 */
import { type Clock, sleep } from '../emulator/clock.ts';
import { type DeadLetterFacts, type DeadLetterWriter, deadLetterBlobName, renderDeadLetter } from './dead-letter.ts';
import type { DeliveryLog, DeliveryRecord } from './delivery-log.ts';
import { deliveryRequest } from './delivery-request.ts';
import type { GridEvent } from './events/grid-event.ts';
import { type AttemptResult, afterFailure } from './retry-schedule.ts';
import type { Subscription } from './subscription.ts';
import type { SubscriptionRegistry } from './subscription-registry.ts';
import type { WebhookClient } from './webhook-client.ts';

export interface DeliveryOptions {
  readonly clock: Clock;
  readonly client: WebhookClient;
  readonly registry: SubscriptionRegistry;
  readonly writeDeadLetter: DeadLetterWriter;
  readonly records: DeliveryLog;
  /** Uniform in [0, 1); spreads retries. */
  readonly random: () => number;
  /** Factor on every wait and on the time to live: 1 as in Azure, smaller for a demo. */
  readonly retryScale: number;
}

const MAX_PENDING = 10_000;
const MINUTE_MS = 60_000;
const DEAD_LETTER_DELAY_MS = 5 * MINUTE_MS;
const DEAD_LETTER_RETRY_MS = MINUTE_MS;
const DEAD_LETTER_LIFE_MS = 4 * 60 * MINUTE_MS;

export class DeliveryEngine {
  readonly #options: DeliveryOptions;
  readonly #stopping = new AbortController();
  readonly #pending = new Set<Promise<void>>();

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Begins delivery to every subscription that matches now. */
  accept(event: GridEvent): void {
    for (const subscription of this.#options.registry.matching(event)) {
      if (this.#pending.size >= MAX_PENDING) {
        this.#record(event, subscription, 0, { outcome: 'Aborted' }, 'Dropped', 'Too many deliveries are pending.');
        continue;
      }
      const delivery = this.#deliver(event, subscription)
        .catch((error: unknown) => {
          if (!this.#stopping.signal.aborted) throw error;
        })
        .finally(() => this.#pending.delete(delivery));
      this.#pending.add(delivery);
    }
  }

  /** Deliveries that are neither done nor given up. */
  pendingCount(): number {
    return this.#pending.size;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('Event Grid stops.'));
    await Promise.all(this.#pending);
  }

  async #deliver(event: GridEvent, first: Subscription): Promise<void> {
    const { client, clock, registry } = this.#options;
    let last: AttemptResult = { outcome: 'Aborted' };
    let lastAttemptAtMs = clock.nowMs();
    for (let attempts = 0; ; attempts += 1) {
      const subscription = registry.current(first.id);
      if (!subscription) return this.#record(event, first, attempts, last, 'Dropped', 'The subscription was deleted.');
      const giveUp = (reason: string, attemptsMade: number) =>
        this.#giveUp(event, subscription, {
          reason,
          attempts: attemptsMade,
          lastOutcome: last.outcome,
          lastStatus: last.status,
          lastAttemptAtMs,
        });
      if (attempts > 0 && this.#outlived(event, subscription)) return giveUp('TimeToLiveExceeded', attempts);
      lastAttemptAtMs = clock.nowMs();
      last = await client.send(deliveryRequest(event, subscription, attempts));
      this.#stopping.signal.throwIfAborted();
      const delayMs = this.#judge(event, subscription, attempts + 1, last);
      if (delayMs === undefined) return;
      if (typeof delayMs === 'string') return giveUp(delayMs, attempts + 1);
      await this.#wait(delayMs);
    }
  }

  /** Records an attempt; returns the wait before the next, the reason to give up, or undefined when it is done. */
  #judge(event: GridEvent, subscription: Subscription, attempts: number, result: AttemptResult) {
    if (result.outcome === 'Delivered') {
      this.#record(event, subscription, attempts, result, 'Delivered');
      return undefined;
    }
    const { maxDeliveryAttempts } = subscription.properties.retryPolicy;
    const next = afterFailure(result, attempts, maxDeliveryAttempts, this.#options.random());
    if (next.type === 'give-up') {
      this.#record(event, subscription, attempts, result, 'GivenUp', next.reason);
      return next.reason;
    }
    this.#record(event, subscription, attempts, result, 'Retrying');
    return next.delayMs;
  }

  #outlived(event: GridEvent, subscription: Subscription): boolean {
    const lifeMs = subscription.properties.retryPolicy.eventTimeToLiveInMinutes * MINUTE_MS * this.#options.retryScale;
    return this.#options.clock.nowMs() - event.acceptedAtMs >= lifeMs;
  }

  async #giveUp(event: GridEvent, subscription: Subscription, facts: DeadLetterFacts): Promise<void> {
    const result = {
      outcome: facts.lastOutcome,
      ...(facts.lastStatus === undefined ? {} : { status: facts.lastStatus }),
    };
    const end = (state: DeliveryRecord['state'], reason: string) =>
      this.#record(event, subscription, facts.attempts, result, state, reason);
    const destination = subscription.properties.deadLetterDestination;
    if (!destination) return end('Dropped', `${facts.reason}; the subscription has no dead-letter destination.`);
    const json = renderDeadLetter(event, subscription.properties.eventDeliverySchema, facts);
    await this.#wait(DEAD_LETTER_DELAY_MS);
    for (let waitedMs = 0; waitedMs <= DEAD_LETTER_LIFE_MS; waitedMs += DEAD_LETTER_RETRY_MS) {
      const blobName = deadLetterBlobName(subscription.name, this.#options.clock.nowMs());
      const written = await this.#options
        .writeDeadLetter(destination, blobName, json)
        .catch(() => 'unavailable' as const);
      if (written === 'written') return end('DeadLettered', facts.reason);
      if (written === 'not-found') return end('Dropped', 'The dead-letter container does not exist.');
      await this.#wait(DEAD_LETTER_RETRY_MS);
    }
    end('Dropped', 'The dead-letter storage was unavailable for 4 hours.');
  }

  #wait(delayMs: number): Promise<void> {
    return sleep(this.#options.clock, delayMs * this.#options.retryScale, this.#stopping.signal);
  }

  #record(
    event: GridEvent,
    subscription: Subscription,
    attempt: number,
    result: AttemptResult,
    state: DeliveryRecord['state'],
    reason?: string,
  ): void {
    this.#options.records.add({
      atMs: this.#options.clock.nowMs(),
      subscription: subscription.name,
      eventId: event.id,
      eventType: event.type,
      subject: event.subject,
      attempt,
      ...(result.status === undefined ? {} : { status: result.status }),
      outcome: result.outcome,
      state,
      ...(reason === undefined ? {} : { reason }),
    });
  }
}
