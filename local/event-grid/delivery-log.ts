/** What became of every delivery attempt, newest last, for tests and people; the oldest entries go first. */

const MAX_ENTRIES = 10_000;

export interface DeliveryRecord {
  readonly atMs: number;
  readonly subscription: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly subject: string;
  /** 1 for the first attempt; 0 when none was made. */
  readonly attempt: number;
  readonly status?: number;
  readonly outcome: string;
  /** What follows: nothing more, another attempt, a blob, or loss. */
  readonly state: 'Delivered' | 'Retrying' | 'GivenUp' | 'DeadLettered' | 'Dropped';
  readonly reason?: string;
}

export class DeliveryLog {
  readonly #records: DeliveryRecord[] = [];

  add(record: DeliveryRecord): void {
    if (this.#records.push(record) > MAX_ENTRIES) this.#records.shift();
  }

  all(): readonly DeliveryRecord[] {
    return this.#records;
  }

  clear(): void {
    this.#records.length = 0;
  }
}
