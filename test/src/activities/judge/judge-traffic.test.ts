/** judgeTraffic: which buckets a look judges, what it waits for, and that a repeated look decides nothing anew. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Evidence } from '../../../../src/activities/judge/evidence.ts';
import { createJudgeTraffic } from '../../../../src/activities/judge/judge-traffic.ts';
import type { ActivityInput } from '../../../../src/contracts/activities.ts';
import { aPolicy } from '../../domain/a-policy.ts';
import { InMemoryAnswers } from '../../fakes/in-memory-answers.ts';
import { InMemoryEvidenceStore } from '../../fakes/in-memory-records.ts';
import { InMemoryTelemetry } from '../../fakes/in-memory-telemetry.ts';
import { BLUE, FLIGHTS, GREEN, ROLLOUT } from '../names.ts';

const MINUTE_MS = 60_000;
const NO_ANSWERS = new InMemoryAnswers();
const START_MS = Date.UTC(2026, 2, 1, 12);
const CANARY = { ...aPolicy().canary, settleBuckets: 3, latestBuckets: 10, warmUpBuckets: 0 };

let telemetry: InMemoryTelemetry;
let store: InMemoryEvidenceStore;
beforeEach(() => {
  telemetry = new InMemoryTelemetry();
  store = new InMemoryEvidenceStore();
});

function serveMinutes(from: number, to: number, perMinute = 5): void {
  for (let minute = from; minute < to; minute += 1) {
    for (let index = 0; index < perMinute; index += 1) {
      const atMs = START_MS + minute * MINUTE_MS + index * 100;
      telemetry.record({ endpoint: FLIGHTS, deployment: GREEN, atMs });
      telemetry.record({ endpoint: FLIGHTS, deployment: BLUE, atMs });
    }
  }
}

async function look(number: number, minute: number, changes: Partial<ActivityInput<'judgeTraffic'>> = {}) {
  const previousEvidence = number === 0 ? null : `${ROLLOUT}/look-${String(number - 1).padStart(6, '0')}.json`;
  const answer = await createJudgeTraffic(
    telemetry,
    NO_ANSWERS,
    store,
  )({
    endpoint: FLIGHTS,
    rolloutId: ROLLOUT,
    look: number,
    previousEvidence,
    green: GREEN,
    blue: BLUE,
    policy: CANARY,
    stretch: { phase: 'watching', sinceMs: START_MS, dwellBuckets: 5, lastStep: false, blueServed: true },
    shiftAccepted: false,
    nowMs: START_MS + minute * MINUTE_MS,
    ...changes,
  });
  return { answer, evidence: (await store.get(answer.evidence)) as Evidence };
}

const minutes = (evidence: Evidence) => evidence.judged.map(({ bucket }) => (bucket.startMs - START_MS) / MINUTE_MS);

describe('judgeTraffic', () => {
  test('before the first settled bucket nothing is asked and nothing is decided', async () => {
    serveMinutes(0, 5);
    const { answer, evidence } = await look(0, 3);
    expect(answer).toMatchObject({ decision: 'continue', basis: null, evidence: `${ROLLOUT}/look-000000.json` });
    expect(minutes(evidence)).toEqual([]);
    expect(telemetry.queries).toEqual([]);
  });

  test('buckets that have not settled are not read, and those of the warm-up are no evidence', async () => {
    serveMinutes(0, 20);
    const { evidence, answer } = await look(0, 10, { policy: { ...CANARY, warmUpBuckets: 2 } });
    expect(minutes(evidence)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(evidence.judge).toMatchObject({ buckets: 5, traffic: { buckets: 5, warmUpBuckets: 2 } });
    expect(answer.basis).toMatchObject({ bucketsUsed: 5, bucketsExcluded: 2 });
  });

  test("the first look learns blue's history with its one query, later looks do not read it again", async () => {
    serveMinutes(-130, 20);
    const { evidence } = await look(0, 10);
    await look(1, 11);
    expect(evidence.history).toMatchObject({ buckets: 120, traffic: { requests: 600, errors: 0 } });
    expect(evidence.judge?.traffic.known.failed.of).toBeGreaterThan(500);
    expect(telemetry.queries.map(({ fromMs }) => (fromMs - START_MS) / MINUTE_MS)).toEqual([-120, 0]);
  });

  test('the design effect is measured where a replica of blue ran before, and is the floor elsewhere', async () => {
    serveMinutes(-130, 20);
    const floor = { ...CANARY, designEffect: { errors: 2, latency: 3, replica: null } };
    const { answer } = await look(0, 10, { policy: floor });
    expect(answer.basis?.designEffects).toEqual({ errors: 2, latency: 3, source: 'floor' });
    const replica = 'blue-2' as typeof BLUE;
    for (const { deployment, ...request } of [...telemetry.requests]) {
      if (deployment === BLUE) telemetry.record({ ...request, deployment: replica });
    }
    store = new InMemoryEvidenceStore();
    const measured = { ...CANARY, designEffect: { errors: 2, latency: 3, replica } };
    expect((await look(0, 10, { policy: measured })).answer.basis?.designEffects).toEqual({
      errors: 1,
      latency: 1,
      source: 'measured',
    });
  });

  test('a stretch that begins within a bucket starts with the next one', async () => {
    serveMinutes(0, 20);
    const stretch = {
      phase: 'watching',
      sinceMs: START_MS + 1,
      dwellBuckets: 5,
      lastStep: false,
      blueServed: true,
    } as const;
    expect(minutes((await look(0, 10, { stretch })).evidence)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('each look goes on where the last one ended, and every request counts once', async () => {
    serveMinutes(0, 20);
    await look(0, 8);
    const { evidence } = await look(1, 11);
    expect(minutes(evidence)).toEqual([5, 6, 7]);
    expect(evidence.judge).toMatchObject({ buckets: 8, green: { requests: 40 }, blue: { requests: 40 } });
  });

  test('a repeated look gives its first answer, whatever telemetry says by now', async () => {
    serveMinutes(0, 20);
    const first = await look(0, 10);
    telemetry.record({ endpoint: FLIGHTS, deployment: GREEN, atMs: START_MS + 3 * MINUTE_MS, status: 500 });
    const second = await look(0, 15);
    expect(second).toEqual(first);
    expect(telemetry.queries).toHaveLength(1);
  });

  test('two executions of one look at the same time give one answer', async () => {
    serveMinutes(0, 20);
    const [one, two] = await Promise.all([look(0, 10), look(0, 12)]);
    expect(one).toEqual(two);
  });

  test('a bucket whose log lags behind the metric holds back itself and all later ones', async () => {
    serveMinutes(0, 20);
    const lagging = telemetry.requests.filter(
      ({ atMs }) => atMs >= START_MS + 4 * MINUTE_MS && atMs < START_MS + 5 * MINUTE_MS,
    );
    for (const request of lagging.slice(0, 6)) request.inLog = false;
    const held = await look(0, 10);
    expect(minutes(held.evidence)).toEqual([0, 1, 2, 3]);
    expect(held.evidence.waitingForMs).toBe(START_MS + 4 * MINUTE_MS);
    for (const request of lagging) request.inLog = true;
    const { evidence } = await look(1, 10);
    expect(minutes(evidence)).toEqual([4, 5, 6]);
    expect(evidence.incompleteBuckets).toBe(0);
  });

  test('after the latest time a lagging bucket is judged as it is and counted as incomplete', async () => {
    serveMinutes(0, 20);
    for (const request of telemetry.requests.filter(({ atMs }) => atMs === START_MS + 2 * MINUTE_MS))
      request.inLog = false;
    const lost = telemetry.requests.filter(
      ({ atMs }) => atMs > START_MS + 2 * MINUTE_MS && atMs < START_MS + 2 * MINUTE_MS + 400,
    );
    for (const request of lost) request.inLog = false;
    expect(minutes((await look(0, 12)).evidence)).toEqual([0, 1]);
    const { evidence } = await look(1, 13);
    expect(evidence.judged[0]).toMatchObject({ complete: false, metric: { green: 5, blue: 5 } });
    expect(evidence.incompleteBuckets).toBe(1);
  });

  test('one missing row in a small bucket is within the tolerance', async () => {
    serveMinutes(0, 20);
    const one = telemetry.requests.find(({ atMs }) => atMs === START_MS + 2 * MINUTE_MS);
    if (one) one.inLog = false;
    expect(minutes((await look(0, 10)).evidence)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('rows that arrive after their bucket was judged are counted as late and change no judgement', async () => {
    serveMinutes(0, 20);
    const late = telemetry.requests.filter(
      ({ atMs, deployment }) => atMs === START_MS + 2 * MINUTE_MS && deployment === GREEN,
    );
    for (const request of late) request.inLog = false;
    const first = await look(0, 10);
    for (const request of late) request.inLog = true;
    const second = await look(1, 11);
    const third = await look(2, 12);
    expect(first.evidence.lateRows).toEqual({ green: 0, blue: 0 });
    expect(second.evidence.lateRows).toEqual({ green: 1, blue: 0 });
    expect(third.evidence.lateRows).toEqual({ green: 1, blue: 0 });
    expect(third.evidence.judge?.green.requests).toBe(5 * 9 - 1);
  });

  test('silence in log and metric alike waits for a later request or for the latest time', async () => {
    serveMinutes(0, 3);
    expect(minutes((await look(0, 10)).evidence)).toEqual([0, 1, 2]);
    serveMinutes(5, 6);
    expect(minutes((await look(1, 10)).evidence)).toEqual([3, 4, 5]);
    const { evidence, answer } = await look(2, 20);
    expect(minutes(evidence)).toEqual([6, 7, 8, 9]);
    expect(evidence.judged.every(({ complete }) => !complete)).toBe(true);
    expect(answer.decision).toBe('hold');
  });

  test('a new stretch starts its own dwell, keeps the evidence, and judges no bucket twice', async () => {
    serveMinutes(0, 40);
    await look(0, 10);
    const stretch = {
      phase: 'watching',
      sinceMs: START_MS + 5 * MINUTE_MS,
      dwellBuckets: 5,
      lastStep: true,
      blueServed: true,
    } as const;
    const { evidence } = await look(1, 15, { stretch });
    expect(minutes(evidence)).toEqual([7, 8, 9, 10, 11]);
    expect(evidence.judge).toMatchObject({ buckets: 5, green: { requests: 25 }, traffic: { buckets: 12 } });
  });

  test('errors of green beyond the margin roll back', async () => {
    serveMinutes(0, 20, 50);
    for (const request of telemetry.requests) {
      if (request.deployment === GREEN) Object.assign(request, { status: 500 });
    }
    const { answer } = await look(0, 10);
    expect(answer.decision).toBe('rollback');
    expect(answer.verdicts).toContainEqual(expect.objectContaining({ metric: 'errors', verdict: 'fail' }));
    expect(answer.basis).toMatchObject({ guard: 'no-success' });
  });

  test('a rollout that was away for long catches up in bounded looks', async () => {
    serveMinutes(0, 300, 1);
    expect(minutes((await look(0, 1000)).evidence)).toHaveLength(240);
    expect((await look(1, 1000)).evidence.judged[0]?.bucket.startMs).toBe(START_MS + 240 * MINUTE_MS);
  });

  test('evidence of the look before that is gone is an error, not a fresh start', async () => {
    await expect(look(5, 10)).rejects.toThrow(/has lost its memory/);
  });

  test('evidence of another rollout, or of another schema, is an error', async () => {
    serveMinutes(0, 20);
    await look(0, 10, { rolloutId: `${ROLLOUT}.other` as typeof ROLLOUT });
    const foreign = { previousEvidence: `${ROLLOUT}.other/look-000000.json` };
    await expect(look(1, 11, foreign)).rejects.toThrow(/belongs to .*other; the judge has lost its memory/);
    await store.put(`${ROLLOUT}/look-000007.json`, { schema: 2 });
    await expect(look(8, 11)).rejects.toThrow(/has schema 2; this app reads 1/);
  });

  test('a process that dies after the evidence was written decides nothing anew', async () => {
    serveMinutes(0, 20);
    const { evidence } = await look(0, 10);
    const dying = { put: store.put.bind(store), get: async (name: string) => structuredClone(await store.get(name)) };
    serveMinutes(0, 20, 9);
    const again = createJudgeTraffic(telemetry, NO_ANSWERS, dying);
    const input = { endpoint: FLIGHTS, rolloutId: ROLLOUT, look: 0, previousEvidence: null, green: GREEN, blue: BLUE };
    const answer = await again({
      ...input,
      policy: CANARY,
      stretch: evidence.stretch,
      shiftAccepted: false,
      nowMs: START_MS + 40 * MINUTE_MS,
    });
    expect(answer).toMatchObject({ decision: evidence.decision.kind, sentence: evidence.decision.sentence });
    expect(await store.get(answer.evidence)).toEqual(evidence);
  });

  test('the answer stays below 2 kB', async () => {
    serveMinutes(0, 200, 30);
    const { answer } = await look(0, 200);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(2048);
  });
});
