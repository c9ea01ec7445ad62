/**
 * One look of the judge: reads what telemetry has settled for since the last look, has it judged, and keeps the
 * evidence.
 */
import type { ActivityHandler, ActivityInput, ActivityOutput } from '../../contracts/activities.ts';
import type { Decision, MetricVerdict } from '../../domain/judge/decision.ts';
import { isDue } from '../../domain/judge/reading/reading-window.ts';
import type { Telemetered } from '../../domain/judge/reading/ready-buckets.ts';
import { type TrafficReading, takeLook, takeTraffic, trafficToRead } from '../../domain/judge/take-look.ts';
import type { EvidenceStore } from '../../ports/records.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { type Evidence, evidenceName, readEvidence, SCHEMA } from './evidence.ts';
import { type AnswerPorts, readAnswers } from './read-answers.ts';

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
  const reading = trafficToRead(input, previous);
  const traffic = takeTraffic(input, previous, reading.window, await readTelemetry(telemetry, input, reading));
  const { read, problem } = await readAnswers(answers, input, traffic.answersDue);
  const { rolloutId, look: number, endpoint, green, blue, nowMs, stretch } = input;
  const asked = { rolloutId, look: number, endpoint, green, blue, nowMs, stretch };
  return { schema: SCHEMA, ...asked, ...takeLook(traffic, read, problem) };
}

/** Two queries, and none when no bucket is due; what they cost does not grow with the number of requests. */
async function readTelemetry(telemetry: Telemetry, input: Input, reading: TrafficReading): Promise<Telemetered> {
  const { window, logFromMs, isFirst } = reading;
  if (!isDue(window)) return { logged: [], metered: [] };
  const { endpoint, policy, green, blue } = input;
  const { replica } = policy.designEffect;
  const query = { endpoint, deployments: [green, blue], ...window, bucketSeconds: policy.bucketSeconds };
  const deployments = isFirst && replica ? [green, blue, replica] : query.deployments;
  const [logged, metered] = await Promise.all([
    telemetry.readBuckets({ ...query, deployments, fromMs: logFromMs }),
    telemetry.readRequestCounts(query),
  ]);
  return { logged, metered };
}

/** Activities answer with at most 2 kB; the evidence holds everything. */
function boundedAnswer(decision: Decision): Omit<ActivityOutput<'judgeTraffic'>, 'evidence'> {
  const short = (verdict: MetricVerdict) => ({ ...verdict, sentence: verdict.sentence.slice(0, MAX_VERDICT_SENTENCE) });
  const { kind, sentence, verdicts, basis } = decision;
  return { decision: kind, sentence: sentence.slice(0, MAX_SENTENCE), verdicts: verdicts.map(short), basis };
}
