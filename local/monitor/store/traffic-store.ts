/**
 * Remembers the requests that the endpoints served.
 *
 * 1. A row becomes visible to log queries at its own random moment after it was recorded, so rows appear out of order.
 * 2. At least `retentionRows` rows are kept, at most a tenth more; the oldest go first.
 */
import type { TrafficLogEntry, TrafficSink } from '../../contracts/traffic-log.ts';
import type { Clock } from '../../emulator/clock.ts';
import type { Row } from '../kql/types/scalar-type.ts';
import { trafficLogRow } from './traffic-log-table.ts';

export interface StoredRequest {
  readonly entry: TrafficLogEntry;
  readonly row: Row;
  /** When log queries begin to see it: the row's ingestion time. */
  readonly visibleAtMs: number;
}

export interface TrafficStoreOptions {
  readonly clock: Clock;
  readonly logAnalyticsWorkspaceId: string;
  readonly ingestionDelayMs: { readonly min: number; readonly max: number };
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly retentionRows: number;
}

export class TrafficStore implements TrafficSink {
  readonly #options: TrafficStoreOptions;
  #requests: StoredRequest[] = [];

  constructor(options: TrafficStoreOptions) {
    this.#options = options;
  }

  record(entry: TrafficLogEntry): void {
    const { clock, ingestionDelayMs, random, retentionRows, logAnalyticsWorkspaceId } = this.#options;
    const receivedAtMs = clock.nowMs();
    const delayMs = ingestionDelayMs.min + random() * (ingestionDelayMs.max - ingestionDelayMs.min);
    const visibleAtMs = receivedAtMs + Math.round(delayMs);
    const row = trafficLogRow(entry, { receivedAtMs, visibleAtMs, logAnalyticsWorkspaceId });
    this.#requests.push({ entry, row, visibleAtMs });
    if (this.#requests.length > retentionRows * 1.1) this.#requests = this.#requests.slice(-retentionRows);
  }

  /** In the order of recording, also those that log queries do not see yet. */
  requests(): readonly StoredRequest[] {
    return this.#requests;
  }
}
