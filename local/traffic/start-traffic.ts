/**
 * Replays real rows against an endpoint at a steady rate and keeps what came back.
 *
 * 1. The rate does not depend on the answers (open loop); a request is never sent twice.
 * 2. Rate, duration and the number of open requests are bounded; a request over that bound counts as failed.
 * 3. After `stop()` nothing is sent any more and every connection is closed.
 */
import { type Clock, systemClock } from '../emulator/clock.ts';
import { type AnswerRecord, type AnswerSummary, summarize } from './answer-record.ts';
import { startPacer } from './pacer.ts';
import type { ReplayRow } from './replay-rows.ts';
import { createScoringClient, type ScoringReply } from './scoring-client.ts';

const MAX_RATE_PER_SECOND = 200;
const MAX_DURATION_MS = 30 * 60_000;
const MAX_OPEN_REQUESTS = 400;
const CONNECTIONS = 32;
const MAX_UPLOAD_MS = 2000;

export interface TrafficOptions {
  readonly scoringUri: string;
  readonly key: string;
  /** PEM text of the CA that signed the endpoint's certificate. */
  readonly ca?: string | undefined;
  /** Replayed in their order, again from the first after the last. */
  readonly rows: readonly ReplayRow[];
  /** Requests per second, above 0 and at most 200. */
  readonly ratePerSecond: number;
  /** At most, and by default, 30 minutes. */
  readonly maxDurationMs?: number;
  readonly clock?: Clock;
}

export interface TrafficStats {
  readonly sent: number;
  readonly open: number;
  readonly all: AnswerSummary;
  /** By answering deployment; '' for answers that none gave. */
  readonly byDeployment: Readonly<Record<string, AnswerSummary>>;
}

export interface RunningTraffic {
  /** Sums over the requests that were due at or after `sinceMs` (epoch milliseconds; all of them unless given). */
  stats(sinceMs?: number): TrafficStats;
  records(sinceMs?: number): readonly AnswerRecord[];
  /** Sends these rows from now on. */
  replay(rows: readonly ReplayRow[]): void;
  /** Takes this long to send a body from now on, as clients on a slow line do; at most 2 s, 0 for at once. */
  slowUploads(uploadMs: number): void;
  /** Since when it sends its present rows, epoch milliseconds. */
  replayingSinceMs(): number;
  stop(): Promise<void>;
}

export function startTraffic(options: TrafficOptions): RunningTraffic {
  const { ratePerSecond, clock = systemClock, maxDurationMs = MAX_DURATION_MS } = options;
  let { rows } = options;
  let uploadMs = 0;
  let sinceMs = clock.nowMs();
  checkBounds(rows, ratePerSecond, maxDurationMs);
  const client = createScoringClient({ ...options, connections: CONNECTIONS });
  const records: AnswerRecord[] = [];
  const open = new Set<Promise<void>>();
  let sent = 0;
  const send = (dueAtMs: number, index: number) => {
    const row = rows[index % rows.length];
    if (!row) return;
    sent += 1;
    if (open.size >= MAX_OPEN_REQUESTS) return void records.push(neverSent(dueAtMs));
    const exchange = client.score(row, uploadMs).then((reply) => {
      records.push(recordOf(reply, row, dueAtMs, clock.nowMs()));
      open.delete(exchange);
    });
    open.add(exchange);
  };
  const halt = startPacer(clock, { ratePerSecond, maxDurationMs }, send);
  const since = (sinceMs = 0) => records.filter(({ dueAtMs }) => dueAtMs >= sinceMs);
  return {
    records: since,
    stats: (sinceMs) => ({ sent, open: open.size, ...sums(since(sinceMs)) }),
    replay(next) {
      checkBounds(next, ratePerSecond, maxDurationMs);
      rows = next;
      sinceMs = clock.nowMs();
    },
    slowUploads(ms) {
      if (!(ms >= 0 && ms <= MAX_UPLOAD_MS))
        throw new Error(`An upload of ${ms} ms is not within 0 and ${MAX_UPLOAD_MS} ms.`);
      uploadMs = ms;
    },
    replayingSinceMs: () => sinceMs,
    async stop() {
      halt();
      await Promise.all(open);
      await client.close();
    },
  };
}

function checkBounds(rows: readonly ReplayRow[], ratePerSecond: number, maxDurationMs: number): void {
  if (rows.length === 0) throw new Error('There are no rows to replay.');
  if (!(ratePerSecond > 0 && ratePerSecond <= MAX_RATE_PER_SECOND)) {
    throw new Error(`ratePerSecond is ${ratePerSecond}; it must be above 0 and at most ${MAX_RATE_PER_SECOND}.`);
  }
  if (!(maxDurationMs > 0 && maxDurationMs <= MAX_DURATION_MS)) {
    throw new Error(`maxDurationMs is ${maxDurationMs}; it must be above 0 and at most ${MAX_DURATION_MS}.`);
  }
}

function neverSent(dueAtMs: number): AnswerRecord {
  return { dueAtMs, latencyMs: 0, status: 0, deployment: '', absoluteError: null };
}

function recordOf(reply: ScoringReply, row: ReplayRow, dueAtMs: number, nowMs: number): AnswerRecord {
  const { status, deployment, prediction } = reply;
  const absoluteError = prediction === null ? null : Math.abs(prediction - row.label);
  return { dueAtMs, latencyMs: nowMs - dueAtMs, status, deployment, absoluteError };
}

function sums(records: readonly AnswerRecord[]): Pick<TrafficStats, 'all' | 'byDeployment'> {
  const groups = Map.groupBy(records, ({ deployment }) => deployment);
  const byDeployment = Object.fromEntries([...groups].map(([name, group]) => [name, summarize(group)]));
  return { all: summarize(records), byDeployment };
}
