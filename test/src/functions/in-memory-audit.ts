/** Audit log in memory, with the promises of the real one: the first record of a key stays. */
import type { EventRecord, RolloutRecord } from '../../../src/domain/audit/record.ts';
import type { AuditLog } from '../../../src/ports/records.ts';

export class InMemoryAudit implements AuditLog {
  readonly events = new Map<string, EventRecord>();
  readonly #rollouts = new Map<string, RolloutRecord>();

  async append(record: RolloutRecord): Promise<void> {
    const key = `${record.rolloutId} ${String(record.sequence).padStart(9, '0')}`;
    if (!this.#rollouts.has(key)) this.#rollouts.set(key, record);
  }

  async listRollout(rolloutId: string): Promise<readonly RolloutRecord[]> {
    const own = [...this.#rollouts.values()].filter((record) => record.rolloutId === rolloutId);
    return own.sort((a, b) => a.sequence - b.sequence);
  }

  async recordEvent(record: EventRecord): Promise<boolean> {
    if (this.events.has(record.eventId)) return false;
    this.events.set(record.eventId, record);
    return true;
  }
}
