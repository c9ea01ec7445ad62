/** How a receiver ends a delivery. */
import type { DeadLetterCause } from './broker-message.ts';

export type Settlement =
  | { readonly type: 'complete' }
  | { readonly type: 'abandon' | 'defer'; readonly properties: Readonly<Record<string, unknown>> }
  | {
      readonly type: 'dead-letter';
      readonly properties: Readonly<Record<string, unknown>>;
      readonly cause: DeadLetterCause;
    };
