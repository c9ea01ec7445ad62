/** However late rows come and however often it is looked: buckets are judged once, in order, and no request vanishes unseen. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Evidence } from '../../../../src/activities/judge/evidence.ts';
import { createJudgeTraffic } from '../../../../src/activities/judge/judge-traffic.ts';
import { aPolicy } from '../../domain/a-policy.ts';
import { InMemoryAnswers } from '../../fakes/in-memory-answers.ts';
import { InMemoryEvidenceStore } from '../../fakes/in-memory-records.ts';
import { InMemoryTelemetry } from '../../fakes/in-memory-telemetry.ts';
import { BLUE, FLIGHTS, GREEN, ROLLOUT } from '../names.ts';

const MINUTE_MS = 60_000;
const MINUTES = 12;
const START_MS = Date.UTC(2026, 2, 1, 12);
const CANARY = { ...aPolicy().canary, settleBuckets: 1, latestBuckets: 4, warmUpBuckets: 0 };

const request = fc.record({
  green: fc.boolean(),
  atMs: fc.integer({ min: 0, max: MINUTES * MINUTE_MS - 1 }),
  logDelayMs: fc.integer({ min: 0, max: 8 * MINUTE_MS }),
  metricDelayMs: fc.integer({ min: 0, max: 3 * MINUTE_MS }),
});
const looks = fc.array(fc.integer({ min: 0, max: 3 * MINUTE_MS }), { minLength: 1, maxLength: 25 });

test('judged buckets are gapless and unique, and their requests are judged, late or still under way', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 60 }), looks, async (requests, waitsMs) => {
      const telemetry = new InMemoryTelemetry();
      const store = new InMemoryEvidenceStore();
      const judgeTraffic = createJudgeTraffic(telemetry, new InMemoryAnswers(), store);
      const served = requests.map((made) => {
        const deployment = made.green ? GREEN : BLUE;
        return { ...made, row: telemetry.record({ endpoint: FLIGHTS, deployment, atMs: START_MS + made.atMs }) };
      });
      const judged: number[] = [];
      let judgedRequests = 0;
      let nowMs = START_MS;
      let evidence: Evidence | null = null;
      for (const [look, waitMs] of waitsMs.entries()) {
        nowMs += waitMs;
        for (const { row, logDelayMs, metricDelayMs } of served) {
          row.inLog = row.atMs + logDelayMs <= nowMs;
          row.inMetric = row.atMs + metricDelayMs <= nowMs;
        }
        const answer = await judgeTraffic({
          endpoint: FLIGHTS,
          rolloutId: ROLLOUT,
          look,
          previousEvidence: look === 0 ? null : `${ROLLOUT}/look-${String(look - 1).padStart(6, '0')}.json`,
          green: GREEN,
          blue: BLUE,
          policy: CANARY,
          stretch: { phase: 'watching', sinceMs: START_MS, dwellBuckets: 100, lastStep: false, blueServed: true },
          shiftAccepted: false,
          nowMs,
        });
        evidence = (await store.get(answer.evidence)) as Evidence;
        judged.push(...evidence.judged.map(({ bucket }) => bucket.startMs));
        for (const { bucket } of evidence.judged) judgedRequests += bucket.green.requests + bucket.blue.requests;
      }
      expect(judged).toEqual(judged.map((_start, index) => START_MS + index * MINUTE_MS));
      const untilMs = START_MS + judged.length * MINUTE_MS;
      const visible = served.filter(({ row }) => row.atMs < untilMs && row.inLog).length;
      const counted = (evidence?.judge?.green.requests ?? 0) + (evidence?.judge?.blue.requests ?? 0);
      const late = (evidence?.lateRows.green ?? 0) + (evidence?.lateRows.blue ?? 0);
      expect(counted + late).toBeLessThanOrEqual(visible);
      expect(counted).toBe(judgedRequests);
      const overdueMs = nowMs - (CANARY.latestBuckets + 1) * MINUTE_MS;
      expect(untilMs).toBeGreaterThan(Math.min(overdueMs, nowMs - (CANARY.settleBuckets + 2) * MINUTE_MS) - MINUTE_MS);
    }),
    { numRuns: 150, seed: 7 },
  );
});
