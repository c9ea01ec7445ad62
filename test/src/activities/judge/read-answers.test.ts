/** What a look reads of answers and outcomes, and that trouble with them never stops the judge of errors and latency. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Evidence } from '../../../../src/activities/judge/evidence.ts';
import { createJudgeTraffic } from '../../../../src/activities/judge/judge-traffic.ts';
import type { CanaryPolicy } from '../../../../src/domain/judge/canary-policy.ts';
import type { OutcomePolicy } from '../../../../src/domain/judge/metrics/outcomes/outcome-value.ts';
import { aPolicy } from '../../domain/a-policy.ts';
import { InMemoryAnswers } from '../../fakes/in-memory-answers.ts';
import { InMemoryEvidenceStore } from '../../fakes/in-memory-records.ts';
import { InMemoryTelemetry } from '../../fakes/in-memory-telemetry.ts';
import { BLUE, FLIGHTS, GREEN, ROLLOUT } from '../names.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 2, 1, 12);
const PER_MINUTE = 50;
const predictions = { collection: 'model_outputs', column: 'minutes', margin: 0.05, settleBuckets: 3 };
const outcomes: OutcomePolicy = {
  folder: 'azureml://datastores/workspaceblobstore/paths/landed/',
  collection: 'model_outputs',
  key: 'flight',
  measure: { kind: 'within', outcome: 'air_time', prediction: 'minutes', tolerance: 10 },
  maturityBuckets: 5,
  margin: 0.05,
  promoteMargin: 0.1,
  requiredForPromotion: false,
};
const BASE: CanaryPolicy = { ...aPolicy().canary, settleBuckets: 3, latestBuckets: 10 };

let telemetry: InMemoryTelemetry;
let answers: InMemoryAnswers;
let store: InMemoryEvidenceStore;
beforeEach(() => {
  telemetry = new InMemoryTelemetry();
  answers = new InMemoryAnswers();
  store = new InMemoryEvidenceStore();
});

/** Both arms answer the same flights; what green says is off by `error`. */
function serve(from: number, to: number, error: number): void {
  for (let index = from * PER_MINUTE; index < to * PER_MINUTE; index += 1) {
    const atMs = START_MS + Math.floor((index * MINUTE_MS) / PER_MINUTE);
    const label = (((index * 37) % 100) + 100) % 100;
    const answer = { atMs, collection: 'model_outputs', correlationId: `request ${index}` };
    for (const [deployment, minutes] of [
      [GREEN, label + error],
      [BLUE, label],
    ] as const) {
      if (deployment === GREEN && index < 0) continue;
      telemetry.record({ endpoint: FLIGHTS, deployment, atMs });
      answers.answered.push({ ...answer, deployment, row: { minutes, flight: index } });
    }
    answers.outcomes.push({ flight: String(index), air_time: String(label) });
  }
}

async function look(policy: CanaryPolicy, minute: number) {
  const answer = await createJudgeTraffic(
    telemetry,
    answers,
    store,
  )({
    endpoint: FLIGHTS,
    rolloutId: ROLLOUT,
    look: 0,
    previousEvidence: null,
    green: GREEN,
    blue: BLUE,
    policy,
    stretch: { phase: 'watching', sinceMs: START_MS, dwellBuckets: 5, lastStep: false, blueServed: true },
    shiftAccepted: false,
    nowMs: START_MS + minute * MINUTE_MS,
  });
  return { answer, evidence: (await store.get(answer.evidence)) as Evidence };
}

const verdictOf = ({ answer }: Awaited<ReturnType<typeof look>>, metric: string) =>
  answer.verdicts.find((verdict) => verdict.metric === metric);

describe('a look', () => {
  test('reads nothing of answers where the policy does not ask', async () => {
    serve(-10, 10, 0);
    const { evidence } = await look(BASE, 10);
    expect(answers.collectedWindows).toEqual([]);
    expect(evidence.answers).toEqual({ problem: null, read: {} });
  });

  test("reads green's settled predictions and blue's with its history, and holds what moved", async () => {
    serve(-10, 10, 40);
    const looked = await look({ ...BASE, predictions }, 10);
    expect(answers.collectedWindows).toMatchObject([
      { deployment: GREEN, fromMs: START_MS, untilMs: START_MS + 7 * MINUTE_MS },
      { deployment: BLUE, fromMs: START_MS - 120 * MINUTE_MS, untilMs: START_MS + 7 * MINUTE_MS },
    ]);
    expect(looked.evidence.answers?.read.predictions).toMatchObject({ greenRows: 350, blueRows: 850 });
    expect(looked.answer.decision).toBe('hold');
    expect(verdictOf(looked, 'predictions')).toMatchObject({ verdict: 'fail' });
  });

  test('joins outcomes that are texts with answers that are numbers, and turns back what became worse', async () => {
    serve(-10, 30, 40);
    const looked = await look({ ...BASE, outcomes }, 30);
    expect(answers.arrivals).toEqual([
      {
        folderUrl: 'https://blobs/landed/',
        fromMs: START_MS - 120 * MINUTE_MS,
        untilMs: START_MS + 30 * MINUTE_MS,
      },
    ]);
    expect(looked.evidence.judge?.metrics.outcomes?.seen).toMatchObject({
      green: { count: 1250, sum: 0 },
      blue: { count: 1250, sum: 1250 },
    });
    expect(looked.answer.decision).toBe('rollback');
    expect(verdictOf(looked, 'outcomes')).toMatchObject({ verdict: 'fail' });
  });

  test('whose answers cannot be read judges errors and latency, and says so', async () => {
    serve(-10, 20, 40);
    answers.failure = new Error('The storage is away.');
    const looked = await look({ ...BASE, predictions, outcomes }, 20);
    expect(looked.answer.decision).toBe('next-step');
    expect(looked.evidence.answers?.problem).toBe('Answers could not be read: The storage is away.');
    expect(looked.evidence.judge?.answers.untilMs.predictions).toBe(0);
  });

  test('that could not read everything says so', async () => {
    serve(-10, 10, 0);
    answers.isCut = true;
    const { evidence } = await look({ ...BASE, predictions }, 10);
    expect(evidence.answers?.problem).toMatch(/more answers than are read/);
  });

  test('with every metric in it still answers in less than 2 kB', async () => {
    serve(-10, 60, 40);
    const { answer } = await look({ ...BASE, predictions, outcomes }, 60);
    expect(answer.verdicts).toHaveLength(4);
    expect(JSON.stringify(answer).length).toBeLessThan(2048);
  });
});
