/**
 * The event subscriptions and their validation state.
 *
 * 1. Creating and updating both prove anew that the webhook wants the events; only `Succeeded` ones receive any.
 * 2. A webhook that answers without proof has 5 minutes to be confirmed by hand, then the subscription is `Failed`.
 * 3. Scopes and names compare without regard to case; a replaced subscription forgets its pending proof.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../emulator/clock.ts';
import { sameSecret } from '../emulator/same-secret.ts';
import { passesFilter } from './event-filter.ts';
import type { GridEvent } from './events/grid-event.ts';
import { performHandshake } from './handshake.ts';
import type { Subscription } from './subscription.ts';
import type { SubscriptionProperties } from './subscription-schema.ts';
import type { WebhookClient } from './webhook-client.ts';

export interface RegistryOptions {
  readonly clock: Clock;
  readonly client: WebhookClient;
  /** Base of validation URLs, for example `https://localhost:5000`. */
  readonly baseUrl: () => string;
  readonly log: (line: string) => void;
}

const MANUAL_VALIDATION_MS = 5 * 60_000;

export class SubscriptionRegistry {
  readonly #byId = new Map<string, Subscription>();
  readonly #options: RegistryOptions;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Returns the subscription before its webhook is asked. */
  put(scope: string, name: string, properties: SubscriptionProperties): Subscription {
    const id = subscriptionId(scope, name);
    const created = !this.#byId.has(id.toLowerCase());
    const subscription: Subscription = {
      id,
      scope,
      name,
      properties,
      validationCode: randomUUID(),
      provisioningState: created ? 'Creating' : 'Updating',
    };
    this.#byId.set(id.toLowerCase(), subscription);
    void this.#prove(subscription);
    return subscription;
  }

  get(scope: string, name: string): Subscription | undefined {
    return this.current(subscriptionId(scope, name));
  }

  /** The subscription as it is now; undefined after its deletion. */
  current(id: string): Subscription | undefined {
    return this.#byId.get(id.toLowerCase());
  }

  list(scope: string): Subscription[] {
    return [...this.#byId.values()].filter((one) => one.scope.toLowerCase() === scope.toLowerCase());
  }

  remove(scope: string, name: string): boolean {
    return this.#byId.delete(subscriptionId(scope, name).toLowerCase());
  }

  /** Every subscription that is to receive `event` now. */
  matching(event: GridEvent): Subscription[] {
    return this.list(event.topicId).filter(
      ({ provisioningState, properties }) =>
        provisioningState === 'Succeeded' && passesFilter(event, properties.filter, properties.eventDeliverySchema),
    );
  }

  /** Confirms by hand; false when nothing waits for this code. */
  confirm(code: string): boolean {
    const waiting = [...this.#byId.values()].find(
      (one) => one.provisioningState === 'AwaitingManualAction' && sameSecret(code, one.validationCode),
    );
    if (!waiting) return false;
    waiting.provisioningState = 'Succeeded';
    return true;
  }

  async #prove(subscription: Subscription): Promise<void> {
    const { clock, client, baseUrl, log } = this.#options;
    const { name, validationCode } = subscription;
    const validationUrl = `${baseUrl()}/eventsubscriptions/${name}/validate?id=${validationCode}&apiVersion=2022-06-15`;
    const outcome = await performHandshake(subscription, validationUrl, { clock, client });
    if (this.current(subscription.id) !== subscription) return;
    subscription.provisioningState = outcome;
    log(`event subscription ${name}: webhook validation ${outcome}`);
    if (outcome !== 'AwaitingManualAction') return;
    clock.after(MANUAL_VALIDATION_MS, () => {
      if (subscription.provisioningState === 'AwaitingManualAction') subscription.provisioningState = 'Failed';
    });
  }
}

function subscriptionId(scope: string, name: string): string {
  return `${scope}/providers/Microsoft.EventGrid/eventSubscriptions/${name}`;
}
