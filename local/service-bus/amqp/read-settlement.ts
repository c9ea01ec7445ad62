/**
 * Reads how a client disposed of a delivery.
 *
 * Outcomes: "AMQP 1.0 in Azure Service Bus: protocol guide"; accepted completes, released and modified abandon,
 * modified with undeliverable-here defers, rejected dead-letters with reason and properties in the error's info.
 */
import type { Settlement } from '../core/settlement.ts';

interface RemoteState {
  readonly undeliverable_here?: boolean;
  readonly message_annotations?: Record<string, unknown>;
  readonly error?: { readonly condition?: unknown; readonly description?: unknown; readonly info?: unknown };
}

export type Outcome = 'accepted' | 'released' | 'modified' | 'rejected';

export function readSettlement(outcome: Outcome, state: RemoteState): Settlement {
  switch (outcome) {
    case 'accepted':
      return { type: 'complete' };
    case 'released':
      return { type: 'abandon', properties: {} };
    case 'modified':
      return { type: state.undeliverable_here ? 'defer' : 'abandon', properties: state.message_annotations ?? {} };
    case 'rejected':
      return deadLetter(state.error);
  }
}

function deadLetter(error: RemoteState['error']): Settlement {
  const info = (error?.info ?? {}) as Record<string, unknown>;
  const { DeadLetterReason: reason, DeadLetterErrorDescription: description, ...properties } = info;
  return {
    type: 'dead-letter',
    properties,
    cause: {
      reason: String(reason ?? error?.condition ?? ''),
      description: String(description ?? error?.description ?? ''),
    },
  };
}
