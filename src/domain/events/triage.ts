/** Decides what an incoming ModelRegistered event means, before anything is read or started. */
import type { EventRecord } from '../audit/record.ts';

export interface TriageFacts {
  readonly type: string;
  readonly expectedType: string;
  readonly source: string;
  readonly workspaceId: string;
  readonly ageMs: number;
  readonly maxAgeMs: number;
}

export type Refusal = Pick<EventRecord, 'outcome' | 'code' | 'reason'>;

/** Null when the envelope is acceptable. ARM ids compare ignoring case. */
export function refuseEnvelope(facts: TriageFacts): Refusal | null {
  if (facts.type !== facts.expectedType) {
    return refused(
      'unknown-type',
      `Events of type ${facts.type} are not handled here; expected ${facts.expectedType}.`,
    );
  }
  if (facts.source.toLowerCase() !== facts.workspaceId.toLowerCase()) {
    return refused('foreign-source', `The event comes from ${facts.source}, not from this workspace.`);
  }
  if (facts.ageMs > facts.maxAgeMs) {
    const hours = (ms: number) => Math.round(ms / 3_600_000);
    return refused(
      'stale',
      `The event is ${hours(facts.ageMs)} h old; events older than ${hours(facts.maxAgeMs)} h start nothing.`,
    );
  }
  return null;
}

function refused(code: string, reason: string): Refusal {
  return { outcome: 'refused', code, reason };
}
