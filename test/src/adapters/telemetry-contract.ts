/** What every Telemetry promises, the real adapter and the one in memory alike. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeploymentName, EndpointName } from '../../../src/domain/ids/names.ts';
import { binOf } from '../../../src/domain/judge/reading/traffic-bucket.ts';
import type { BucketQuery, Telemetry } from '../../../src/ports/telemetry.ts';

export interface ServedRequest {
  readonly endpoint: string;
  readonly deployment: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly status: number;
}

export interface TelemetryUnderTest {
  readonly telemetry: Telemetry;
  /** Makes the request visible in log and metric. */
  serve(request: ServedRequest): void;
  stop(): Promise<void>;
}

/** A full minute, so that it is a multiple of every bucket length in use. */
export const START_MS = Date.UTC(2026, 0, 5, 12, 0, 0);
const MINUTE_MS = 60_000;
const NAMES = ['green-1', 'blue-1'] as DeploymentName[];

export const QUERY: BucketQuery = {
  endpoint: 'flights' as EndpointName,
  deployments: NAMES,
  fromMs: START_MS,
  toMs: START_MS + 3 * MINUTE_MS,
  bucketSeconds: 60,
};

const STATUSES = [200, 200, 404, 408, 424, 429, 500, 503];
const DURATIONS_MS = [0, 1, 2, 3, 9, 10, 11, 99, 100, 110, 111, 250, 999, 1000, 3000, 59_999];

export function describeTelemetry(name: string, open: () => Promise<TelemetryUnderTest>): void {
  describe(`${name} as a Telemetry`, () => {
    let opened: TelemetryUnderTest;
    beforeAll(async () => {
      opened = await open();
      const served = { endpoint: 'flights', deployment: 'green-1', durationMs: 20, status: 200 };
      STATUSES.forEach((status, index) => {
        opened.serve({ ...served, atMs: START_MS + index, status });
      });
      DURATIONS_MS.forEach((durationMs, index) => {
        opened.serve({ ...served, deployment: 'blue-1', atMs: START_MS + MINUTE_MS + index, durationMs });
      });
      opened.serve({ ...served, atMs: START_MS - 1 });
      opened.serve({ ...served, atMs: START_MS + MINUTE_MS - 1 });
      opened.serve({ ...served, atMs: START_MS + 3 * MINUTE_MS });
      opened.serve({ ...served, deployment: 'other', atMs: START_MS + 5 });
      opened.serve({ ...served, endpoint: 'trains', atMs: START_MS + 5 });
    });
    afterAll(() => opened.stop());

    const green = (buckets: readonly { deployment: string }[]) => buckets.filter((b) => b.deployment === 'green-1');

    test('requests, errors and answered latencies are counted per deployment and bucket, from the first millisecond to before the last', async () => {
      const buckets = await opened.telemetry.readBuckets(QUERY);
      expect(green(buckets)).toEqual([
        { deployment: 'green-1', startMs: START_MS, requests: 9, errors: 5, latency: { [binOf(20)]: 4 } },
      ]);
      expect(buckets).toHaveLength(2);
    });

    test('every latency is in the bin of the histogram that the judge reads', async () => {
      const buckets = await opened.telemetry.readBuckets(QUERY);
      const expected: Record<string, number> = {};
      for (const duration of DURATIONS_MS) expected[binOf(duration)] = (expected[binOf(duration)] ?? 0) + 1;
      expect(buckets.find(({ deployment }) => deployment === 'blue-1')).toEqual({
        deployment: 'blue-1',
        startMs: START_MS + MINUTE_MS,
        requests: DURATIONS_MS.length,
        errors: 0,
        latency: expected,
      });
    });

    test('the request metric counts the same requests', async () => {
      const counts = await opened.telemetry.readRequestCounts(QUERY);
      const busy = counts.filter(({ requests }) => requests > 0);
      expect(busy).toHaveLength(2);
      expect(busy).toContainEqual({ deployment: 'green-1', startMs: START_MS, requests: 9 });
      expect(busy).toContainEqual({
        deployment: 'blue-1',
        startMs: START_MS + MINUTE_MS,
        requests: DURATIONS_MS.length,
      });
    });

    test('a bucket of several minutes is the sum of its minutes', async () => {
      const query = { ...QUERY, bucketSeconds: 120, toMs: START_MS + 4 * MINUTE_MS };
      const counts = (await opened.telemetry.readRequestCounts(query)).filter(({ requests }) => requests > 0);
      expect(green(counts)).toEqual([
        { deployment: 'green-1', startMs: START_MS, requests: 9 },
        { deployment: 'green-1', startMs: START_MS + 2 * MINUTE_MS, requests: 1 },
      ]);
    });

    test('a time without requests has no buckets', async () => {
      const query = { ...QUERY, fromMs: START_MS + 10 * MINUTE_MS, toMs: START_MS + 12 * MINUTE_MS };
      expect(await opened.telemetry.readBuckets(query)).toEqual([]);
      expect((await opened.telemetry.readRequestCounts(query)).filter(({ requests }) => requests > 0)).toEqual([]);
    });
  });
}
