/** Audit log and evidence store in memory, with the promises of the real ones: the first record of a key stays. */
import type { EventRecord, RolloutRecord } from '../../../src/domain/audit/record.ts';
import type { RetrainingRecord } from '../../../src/domain/audit/retraining-record.ts';
import type { AuditLog, EvidenceStore } from '../../../src/ports/records.ts';

export class InMemoryAuditLog implements AuditLog {
  readonly events = new Map<string, EventRecord>();
  readonly #records = new Map<string, RolloutRecord>();
  readonly #retrainings = new Map<string, RetrainingRecord>();

  async append(record: RolloutRecord): Promise<void> {
    const key = `${record.rolloutId} ${record.sequence}`;
    if (!this.#records.has(key)) this.#records.set(key, record);
  }

  async listRollout(rolloutId: string): Promise<readonly RolloutRecord[]> {
    const own = [...this.#records.values()].filter((record) => record.rolloutId === rolloutId);
    return own.sort((a, b) => a.sequence - b.sequence);
  }

  async appendRetraining(record: RetrainingRecord): Promise<void> {
    const key = `${record.retrainingId} ${record.sequence}`;
    if (!this.#retrainings.has(key)) this.#retrainings.set(key, record);
  }

  async listRetraining(retrainingId: string): Promise<readonly RetrainingRecord[]> {
    const own = [...this.#retrainings.values()].filter((record) => record.retrainingId === retrainingId);
    return own.sort((a, b) => a.sequence - b.sequence);
  }

  async recordEvent(record: EventRecord): Promise<boolean> {
    if (this.events.has(record.eventId)) return false;
    this.events.set(record.eventId, record);
    return true;
  }
}

export class InMemoryEvidenceStore implements EvidenceStore {
  readonly documents = new Map<string, string>();

  async put(name: string, document: unknown): Promise<void> {
    if (!this.documents.has(name)) this.documents.set(name, JSON.stringify(document));
  }

  async get(name: string): Promise<unknown> {
    const text = this.documents.get(name);
    return text === undefined ? null : JSON.parse(text);
  }
}
