/**
 * All entities of the broker, found by their paths without regard to case.
 *
 * A queue takes and gives messages; a topic only takes, its subscriptions only give. Every queue and subscription
 * has a dead-letter queue under `<path>/$deadletterqueue`. One budget bounds an entity with all that hangs on it.
 */
import type { Clock } from '../../emulator/clock.ts';
import type { BrokerMessage } from './broker-message.ts';
import { BrokerRefusal } from './broker-refusal.ts';
import { matchesRules } from './correlation-filter.ts';
import { DuplicateWindow } from './duplicate-window.ts';
import type { NamespaceDefinition, QueueDefinition, TopicDefinition } from './entity-definition.ts';
import { Intake } from './intake.ts';
import { MessageQueue } from './message-queue.ts';
import { deadLetterRules, type QueueRules } from './queue-rules.ts';
import { Sequence } from './sequence.ts';
import { StorageBudget } from './storage-budget.ts';

export interface Entity {
  readonly path: string;
  readonly kind: 'queue' | 'topic' | 'subscription' | 'dead-letter';
  /** Where messages can be sent. */
  readonly intake?: Intake;
  /** Where messages can be received. */
  readonly queue?: MessageQueue;
  readonly budget: StorageBudget;
}

export interface NamespaceOptions {
  readonly clock: Clock;
  readonly newLockToken: () => string;
  /** What one queue, or one topic with its subscriptions, may hold. */
  readonly entityLimitBytes: number;
}

interface Holder {
  readonly budget: StorageBudget;
  readonly sequence: Sequence;
}

export class Namespace {
  readonly #options: NamespaceOptions;
  readonly #entities = new Map<string, Entity>();

  constructor(definition: NamespaceDefinition, options: NamespaceOptions) {
    this.#options = options;
    for (const queue of definition.queues) this.#addQueue(queue);
    for (const topic of definition.topics) this.#addTopic(topic);
  }

  entities(): Entity[] {
    return [...this.#entities.values()];
  }

  /** Throws entity-not-found. */
  entity(path: string): Entity {
    const entity = this.#entities.get(path.toLowerCase());
    if (entity) return entity;
    throw new BrokerRefusal(
      'entity-not-found',
      `The messaging entity '${path}' could not be found. This namespace has ${this.#names()}.`,
    );
  }

  #names(): string {
    const names = this.entities().filter(({ kind }) => kind !== 'dead-letter');
    return names.map(({ path }) => path).join(', ') || 'no entities';
  }

  #add(entity: Entity): void {
    const key = entity.path.toLowerCase();
    if (this.#entities.has(key)) throw new Error(`The namespace has two entities of the path ${entity.path}.`);
    this.#entities.set(key, entity);
  }

  #addQueue({ name, rules, duplicateWindowMs }: QueueDefinition): void {
    const { clock, entityLimitBytes } = this.#options;
    const budget = new StorageBudget(name, entityLimitBytes);
    const sequence = new Sequence();
    const queue = this.#messageQueue(name, rules, { budget, sequence });
    const intake = new Intake({
      path: name,
      clock,
      sequence,
      budget,
      requiresSession: rules.requiresSession,
      duplicates: this.#duplicates(duplicateWindowMs),
      copiesOf: () => 1,
      deliver: (message) => queue.add(message),
    });
    this.#add({ path: name, kind: 'queue', queue, intake, budget });
  }

  #addTopic({ name, defaultTimeToLiveMs, duplicateWindowMs, subscriptions }: TopicDefinition): void {
    const { clock, entityLimitBytes } = this.#options;
    const budget = new StorageBudget(name, entityLimitBytes);
    const sequence = new Sequence();
    const outlets = subscriptions.map(({ name: subscriptionName, rules, filters }) => {
      const path = `${name}/Subscriptions/${subscriptionName}`;
      const shortened = { ...rules, defaultTimeToLiveMs: Math.min(rules.defaultTimeToLiveMs, defaultTimeToLiveMs) };
      const queue = this.#messageQueue(path, shortened, { budget, sequence: new Sequence() });
      return { path, queue, filters };
    });
    const outletsFor = (message: BrokerMessage) =>
      outlets.filter(({ filters }) => matchesRules(filters, message.filterable));
    const deliver = (message: BrokerMessage) => {
      const enqueuedSequenceNumber = sequence.next();
      for (const { queue } of outletsFor(message)) queue.add(message, enqueuedSequenceNumber);
    };
    const intake = new Intake({
      path: name,
      clock,
      sequence,
      budget,
      requiresSession: false,
      duplicates: this.#duplicates(duplicateWindowMs),
      copiesOf: (message) => outletsFor(message).length,
      deliver,
    });
    this.#add({ path: name, kind: 'topic', intake, budget });
    for (const { path, queue } of outlets) this.#add({ path, kind: 'subscription', queue, budget });
  }

  #messageQueue(path: string, rules: QueueRules, { budget, sequence }: Holder): MessageQueue {
    const { clock, newLockToken } = this.#options;
    const shared = { clock, newLockToken, sequence, budget };
    const deadLetters = new MessageQueue({ ...shared, path: deadLetterPath(path), rules: deadLetterRules(rules) });
    this.#add({ path: deadLetters.path, kind: 'dead-letter', queue: deadLetters, budget });
    return new MessageQueue({ ...shared, path, rules, deadLetters });
  }

  #duplicates(windowMs: number | undefined): DuplicateWindow | undefined {
    return windowMs === undefined ? undefined : new DuplicateWindow(this.#options.clock, windowMs);
  }
}

export function deadLetterPath(path: string): string {
  return `${path}/$deadletterqueue`;
}
