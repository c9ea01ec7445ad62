/**
 * Decides which buckets are complete enough to be judged.
 *
 * 1. Buckets are judged in order: one that waits holds back all later ones.
 * 2. A bucket is complete when the traffic log counts as many requests of each arm as the request metric does.
 * 3. A bucket in which neither source shows anything is complete once a later one has requests: silence may be delay.
 * 4. After `latestBuckets` a bucket is judged as it is, and counted as incomplete.
 */
import type { ReadingWindow, TelemetryPace } from './reading-window.ts';
import {
  type ArmCounts,
  type LoggedBucket,
  type MeteredBucket,
  NO_REQUESTS,
  type TrafficBucket,
} from './traffic-bucket.ts';

/** Log and metric may differ by one request or by this share: they cut the minute at different points. */
const TOLERATED_SHARE = 0.01;

export interface Telemetered {
  readonly logged: readonly LoggedBucket[];
  readonly metered: readonly MeteredBucket[];
}

export interface Arms {
  readonly green: string;
  readonly blue: string;
}

export interface ReadyBucket {
  readonly bucket: TrafficBucket;
  /** Requests as the metric counts them. */
  readonly metric: { readonly green: number; readonly blue: number };
  readonly complete: boolean;
}

export interface ReadyBuckets {
  readonly ready: readonly ReadyBucket[];
  /** Start of the bucket that is waited for; null when none is. */
  readonly waitingForMs: number | null;
}

/** What a look has read, and when. */
export interface ReadTraffic {
  readonly policy: TelemetryPace;
  readonly window: ReadingWindow;
  readonly nowMs: number;
  readonly arms: Arms;
  readonly seen: Telemetered;
}

export function readyBuckets({ policy, window, nowMs, arms, seen }: ReadTraffic): ReadyBuckets {
  const bucketMs = policy.bucketSeconds * 1000;
  const all = bucketsOf(window, bucketMs, arms, seen);
  const lastBusy = all.findLastIndex((entry) => !isSilent(entry));
  const ready: ReadyBucket[] = [];
  for (const [index, entry] of all.entries()) {
    const complete = isSilent(entry) ? index < lastBusy : agrees(entry, 'green') && agrees(entry, 'blue');
    const overdue = entry.bucket.startMs + (1 + policy.latestBuckets) * bucketMs <= nowMs;
    if (!complete && !overdue) return { ready, waitingForMs: entry.bucket.startMs };
    ready.push({ ...entry, complete });
  }
  return { ready, waitingForMs: null };
}

function bucketsOf(window: ReadingWindow, bucketMs: number, arms: Arms, seen: Telemetered) {
  const logged = new Map(seen.logged.map((entry) => [keyOf(entry.deployment, entry.startMs), entry]));
  const metered = new Map(seen.metered.map((entry) => [keyOf(entry.deployment, entry.startMs), entry.requests]));
  const all: Omit<ReadyBucket, 'complete'>[] = [];
  for (let startMs = window.fromMs; startMs < window.toMs; startMs += bucketMs) {
    const green = countsOf(logged.get(keyOf(arms.green, startMs)));
    const blue = countsOf(logged.get(keyOf(arms.blue, startMs)));
    const metric = {
      green: metered.get(keyOf(arms.green, startMs)) ?? 0,
      blue: metered.get(keyOf(arms.blue, startMs)) ?? 0,
    };
    all.push({ bucket: { startMs, green, blue }, metric });
  }
  return all;
}

function isSilent({ bucket, metric }: Omit<ReadyBucket, 'complete'>): boolean {
  return bucket.green.requests + bucket.blue.requests + metric.green + metric.blue === 0;
}

function agrees({ bucket, metric }: Omit<ReadyBucket, 'complete'>, arm: 'green' | 'blue'): boolean {
  const tolerated = Math.max(1, metric[arm] * TOLERATED_SHARE);
  return Math.abs(bucket[arm].requests - metric[arm]) <= tolerated;
}

function countsOf(entry: LoggedBucket | undefined): ArmCounts {
  return entry ? { requests: entry.requests, errors: entry.errors, latency: entry.latency } : NO_REQUESTS;
}

function keyOf(deployment: string, startMs: number): string {
  return `${startMs} ${deployment}`;
}
