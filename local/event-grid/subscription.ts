/** One event subscription: what it asks for and how far its webhook has proved itself. */
import type { SubscriptionProperties } from './subscription-schema.ts';

export type HandshakeOutcome = 'Succeeded' | 'AwaitingManualAction' | 'Failed';

export interface Subscription {
  /** ARM id: `<scope>/providers/Microsoft.EventGrid/eventSubscriptions/<name>`. */
  readonly id: string;
  readonly scope: string;
  readonly name: string;
  readonly properties: SubscriptionProperties;
  /** Secret part of the validation URL and the code that the webhook has to send back. */
  readonly validationCode: string;
  provisioningState: 'Creating' | 'Updating' | HandshakeOutcome;
}
