/** One bucket of traffic as the metrics look at it: dense counts of both arms, and what blue usually does. */
import type { HitsOfSamples } from '../../evidence/share-evidence.ts';
import { type BlueMemory, failedOf } from '../reading/blue-memory.ts';
import { type ArmCounts, denseCounts, type TrafficBucket } from '../reading/traffic-bucket.ts';

/** Latency counts of one arm in one bucket, and how many of its requests failed. */
export interface ArmLatency {
  readonly counts: ArrayLike<number>;
  readonly requests: number;
  readonly errors: number;
}

export class TrafficLook {
  readonly startMs: number;
  /** Failed requests of both arms. */
  readonly failed: HitsOfSamples;
  readonly green: ArmLatency & { readonly counts: Float64Array };
  readonly blue: ArmLatency & { readonly counts: Float64Array };
  /** From earlier buckets. */
  readonly known: BlueMemory;
  readonly #shared = new Map<string, unknown>();

  constructor({ startMs, green, blue }: TrafficBucket, known: BlueMemory) {
    this.startMs = startMs;
    this.failed = { treated: failedOf(green), control: failedOf(blue) };
    this.green = armLatency(green);
    this.blue = armLatency(blue);
    this.known = known;
  }

  /** Computes once a bucket what several metrics need. */
  once<Result>(key: string, compute: () => Result): Result {
    if (!this.#shared.has(key)) this.#shared.set(key, compute());
    return this.#shared.get(key) as Result;
  }
}

function armLatency({ requests, errors, latency }: ArmCounts) {
  return { requests, errors, counts: denseCounts(latency) };
}
