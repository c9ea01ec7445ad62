/** What Slipway remembers outside of its orchestrations: the audit log and the evidence behind decisions. */
import type { EventRecord, RolloutRecord } from '../domain/audit/record.ts';
import type { RetrainingRecord } from '../domain/audit/retraining-record.ts';

export interface AuditLog {
  /** Repeating a record (same rollout and sequence) changes nothing. */
  append(record: RolloutRecord): Promise<void>;
  /** In order of sequence. */
  listRollout(rolloutId: string): Promise<readonly RolloutRecord[]>;
  /** Repeating a record (same retraining and sequence) changes nothing. */
  appendRetraining(record: RetrainingRecord): Promise<void>;
  /** In order of sequence. */
  listRetraining(retrainingId: string): Promise<readonly RetrainingRecord[]>;
  /** False when the event id was recorded before; the first record stays. */
  recordEvent(record: EventRecord): Promise<boolean>;
}

/** JSON documents up to 1 MiB by name (`<rolloutId>/look-000012.json`). */
export interface EvidenceStore {
  /** The first document of a name stays: a second put changes nothing. */
  put(name: string, document: unknown): Promise<void>;
  get(name: string): Promise<unknown | null>;
}
