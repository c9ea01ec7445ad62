/** One look of the judge: reads what telemetry has settled for since the last look, judges it, and keeps the evidence. */
import type { ActivityHandler, ActivityInput, ActivityOutput } from '../contracts/activities.ts';
import type { AnswersOfArms } from '../domain/canary/answers/answer.ts';
import { NOTHING_READ } from '../domain/canary/answers/take-answers.ts';
import { type BaselineHistory, baselineHistory } from '../domain/canary/baseline-history.ts';
import type { Decision, MetricVerdict } from '../domain/canary/decision.ts';
import { judge, NOTHING_JUDGED } from '../domain/canary/judge.ts';
import { type JudgeState, startJudge } from '../domain/canary/judge-state.ts';
import { lateRows, type SeenBucket } from '../domain/canary/late-rows.ts';
import { historyWindow, isDue, type ReadingWindow, readingWindow } from '../domain/canary/reading-window.ts';
import { type ReadyBucket, readyBuckets, type Telemetered } from '../domain/canary/ready-buckets.ts';
import type { EvidenceStore } from '../ports/records.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { type Evidence, evidenceName, readEvidence, SCHEMA } from './evidence.ts';
import { type AnswerPorts, type AnswersReading, readAnswers } from './read-answers.ts';

const MAX_SENTENCE = 500;
const MAX_VERDICT_SENTENCE = 220;

type Input = ActivityInput<'judgeTraffic'>;

/** A look that was taken before is answered from its evidence, so that a repeated activity decides nothing anew. */
export function createJudgeTraffic(
  telemetry: Telemetry,
  answers: AnswerPorts,
  store: EvidenceStore,
): ActivityHandler<'judgeTraffic'> {
  return async (input) => {
    const name = evidenceName(input);
    const taken = await readEvidence(store, name);
    if (taken) return { ...boundedAnswer(taken.decision), evidence: name };
    const evidence = await look({ telemetry, answers }, input, await previousOf(store, input));
    await store.put(name, evidence);
    const kept = await readEvidence(store, name);
    return { ...boundedAnswer((kept ?? evidence).decision), evidence: name };
  };
}

/** The judge's memory must not be lost silently: a missing document is an error, not a fresh start. */
async function previousOf(store: EvidenceStore, { previousEvidence, rolloutId }: Input): Promise<Evidence | null> {
  if (previousEvidence === null) return null;
  const previous = await readEvidence(store, previousEvidence);
  if (previous?.rolloutId === rolloutId) return previous;
  const fault = previous ? `belongs to ${previous.rolloutId}` : 'is gone';
  throw new Error(`Evidence ${previousEvidence} of rollout ${rolloutId} ${fault}; the judge has lost its memory.`);
}

interface Sources {
  readonly telemetry: Telemetry;
  readonly answers: AnswerPorts;
}

async function look({ telemetry, answers }: Sources, input: Input, previous: Evidence | null): Promise<Evidence> {
  const { policy, stretch, nowMs, shiftAccepted } = input;
  const arms = { green: input.green, blue: input.blue };
  const window = readingWindow(policy, stretch, previous?.judge?.judgedUntilMs ?? 0, nowMs);
  const recent = withinReach(previous?.recent ?? [], window, input);
  const seen = await readTelemetry(telemetry, input, window, recent, previous?.judge ?? null);
  const { ready, waitingForMs } = readyBuckets(policy, window, nowMs, arms, seen);
  const { late, seen: recentNow } = lateRows(recent, arms, seen.logged);
  const history = previous?.history ?? historyOf(input, window, seen);
  const start = previous?.judge ?? (history && startJudge(stretch, history));
  const reading = start && (await readAnswers(answers, input, start));
  const judged =
    start &&
    judge(
      {
        policy,
        stretch,
        buckets: ready.map(({ bucket }) => bucket),
        answers: reading?.read ?? NOTHING_READ,
        shiftAccepted,
      },
      start,
    );
  return {
    schema: SCHEMA,
    rolloutId: input.rolloutId,
    look: input.look,
    endpoint: input.endpoint,
    ...arms,
    nowMs,
    stretch,
    window,
    judged: ready,
    waitingForMs,
    incompleteBuckets: (previous?.incompleteBuckets ?? 0) + ready.filter(({ complete }) => !complete).length,
    lateRows: {
      green: (previous?.lateRows.green ?? 0) + late.green,
      blue: (previous?.lateRows.blue ?? 0) + late.blue,
    },
    recent: [...recentNow, ...ready.map(seenBucketOf)],
    history,
    answers: reading && summaryOf(reading),
    judge: judged?.state ?? null,
    decision: judged?.decision ?? NOTHING_JUDGED,
  };
}

/** Null until a bucket is due: nothing was read so far. */
function historyOf({ blue, policy }: Input, window: ReadingWindow, { logged }: Telemetered): BaselineHistory | null {
  return isDue(window) ? baselineHistory(logged, blue, window.fromMs, policy.designEffect) : null;
}

/**
 * Two queries, and none when no bucket is due; what they cost does not grow with the number of requests. The first look
 * reads blue's history, and its replica's, with the same query.
 */
async function readTelemetry(
  telemetry: Telemetry,
  input: Input,
  window: ReadingWindow,
  recent: readonly SeenBucket[],
  judgedBefore: JudgeState | null,
): Promise<Telemetered> {
  if (!isDue(window)) return { logged: [], metered: [] };
  const { endpoint, policy, green, blue } = input;
  const query = { endpoint, deployments: [green, blue], ...window, bucketSeconds: policy.bucketSeconds };
  const { replica } = policy.designEffect;
  const first = {
    fromMs: historyWindow(policy, window).fromMs,
    deployments: [green, blue, ...(replica ? [replica] : [])],
  };
  const again = { fromMs: Math.min(window.fromMs, ...recent.map(({ startMs }) => startMs)) };
  const [logged, metered] = await Promise.all([
    telemetry.readBuckets({ ...query, ...(judgedBefore ? again : first) }),
    telemetry.readRequestCounts(query),
  ]);
  return { logged, metered };
}

/** What was read is told in numbers: the rows themselves are kept by the data collector. */
function summaryOf({ read: { predictions, outcomes }, problem }: AnswersReading): NonNullable<Evidence['answers']> {
  return {
    problem,
    predictions: predictions && { ...predictions.due, ...rowsOf(predictions.answers) },
    outcomes: outcomes && { ...outcomes.due, ...rowsOf(outcomes.answers), outcomes: outcomes.outcomes.size },
  };
}

function rowsOf({ green, blue }: AnswersOfArms) {
  return { greenRows: green.length, blueRows: blue.length };
}

/** Judged buckets that are young enough for late rows to be expected. */
function withinReach(recent: readonly SeenBucket[], window: ReadingWindow, { policy }: Input): readonly SeenBucket[] {
  const reachMs = policy.latestBuckets * policy.bucketSeconds * 1000;
  return recent.filter(({ startMs }) => startMs >= window.fromMs - reachMs).slice(-policy.latestBuckets);
}

function seenBucketOf({ bucket }: ReadyBucket): SeenBucket {
  return { startMs: bucket.startMs, green: bucket.green.requests, blue: bucket.blue.requests };
}

/** Activities answer with at most 2 kB; the evidence holds everything. */
function boundedAnswer(decision: Decision): Omit<ActivityOutput<'judgeTraffic'>, 'evidence'> {
  const short = (verdict: MetricVerdict) => ({ ...verdict, sentence: verdict.sentence.slice(0, MAX_VERDICT_SENTENCE) });
  const { kind, sentence, verdicts, basis } = decision;
  return { decision: kind, sentence: sentence.slice(0, MAX_SENTENCE), verdicts: verdicts.map(short), basis };
}
