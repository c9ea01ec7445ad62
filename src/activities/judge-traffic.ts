/** One look of the judge: reads what telemetry has settled for since the last look, judges it, and keeps the evidence. */
import type { ActivityHandler, ActivityInput, ActivityOutput } from '../contracts/activities.ts';
import type { Decision, MetricVerdict } from '../domain/canary/decision.ts';
import { judge } from '../domain/canary/judge.ts';
import { lateRows, type SeenBucket } from '../domain/canary/late-rows.ts';
import { type ReadingWindow, readingWindow } from '../domain/canary/reading-window.ts';
import { type ReadyBucket, readyBuckets, type Telemetered } from '../domain/canary/ready-buckets.ts';
import type { EvidenceStore } from '../ports/records.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { type Evidence, evidenceName, readEvidence } from './evidence.ts';

const MAX_SENTENCE = 500;
const MAX_VERDICT_SENTENCE = 220;

type Input = ActivityInput<'judgeTraffic'>;

/** A look that was taken before is answered from its evidence, so that a repeated activity decides nothing anew. */
export function createJudgeTraffic(telemetry: Telemetry, store: EvidenceStore): ActivityHandler<'judgeTraffic'> {
  return async (input) => {
    const name = evidenceName(input);
    const taken = await readEvidence(store, name);
    if (taken) return { ...taken.answer, evidence: name };
    const evidence = await look(telemetry, input, await previousOf(store, input));
    await store.put(name, evidence);
    const kept = await readEvidence(store, name);
    return { ...(kept ?? evidence).answer, evidence: name };
  };
}

/** The judge's memory must not be lost silently: a missing document is an error, not a fresh start. */
async function previousOf(store: EvidenceStore, { previousEvidence, rolloutId }: Input): Promise<Evidence | null> {
  if (previousEvidence === null) return null;
  const previous = await readEvidence(store, previousEvidence);
  if (previous) return previous;
  throw new Error(`Evidence ${previousEvidence} of rollout ${rolloutId} is gone; the judge has lost its memory.`);
}

async function look(telemetry: Telemetry, input: Input, previous: Evidence | null): Promise<Evidence> {
  const { policy, stretch, nowMs } = input;
  const arms = { green: input.green, blue: input.blue };
  const window = readingWindow(policy, stretch, previous?.judge.judgedUntilMs ?? 0, nowMs);
  const recent = withinReach(previous?.recent ?? [], window, input);
  const seen = await readTelemetry(telemetry, input, window, recent);
  const { ready, waitingForMs } = readyBuckets(policy, window, nowMs, arms, seen);
  const { late, seen: recentNow } = lateRows(recent, arms, seen.logged);
  const judgement = judge({ policy, stretch, buckets: ready.map(({ bucket }) => bucket) }, previous?.judge ?? null);
  return {
    schema: 1,
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
    judge: judgement.state,
    answer: boundedAnswer(judgement.decision),
  };
}

/** Two queries, and none when no bucket is due. */
async function readTelemetry(
  telemetry: Telemetry,
  input: Input,
  window: ReadingWindow,
  recent: readonly SeenBucket[],
): Promise<Telemetered> {
  if (window.toMs <= window.fromMs) return { logged: [], metered: [] };
  const { endpoint, policy } = input;
  const query = { endpoint, deployments: [input.green, input.blue], ...window, bucketSeconds: policy.bucketSeconds };
  const [logged, metered] = await Promise.all([
    telemetry.readBuckets({ ...query, fromMs: Math.min(window.fromMs, ...recent.map(({ startMs }) => startMs)) }),
    telemetry.readRequestCounts(query),
  ]);
  return { logged, metered };
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
function boundedAnswer({ kind, sentence, verdicts }: Decision): Omit<ActivityOutput<'judgeTraffic'>, 'evidence'> {
  const short = (verdict: MetricVerdict) => ({ ...verdict, sentence: verdict.sentence.slice(0, MAX_VERDICT_SENTENCE) });
  return { decision: kind, sentence: sentence.slice(0, MAX_SENTENCE), verdicts: verdicts.map(short) };
}
