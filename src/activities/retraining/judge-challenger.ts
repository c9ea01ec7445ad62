/** The gate: reads what the job measured of champion and challenger on the same rows, and decides. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import {
  type GateDecision,
  type GatePolicy,
  judgeChallenger,
  judgeLosses,
} from '../../domain/gate/judge-challenger.ts';
import { lossesProblems } from '../../domain/gate/losses-agreement.ts';
import { readGateMetrics } from '../../domain/gate/paired-loss.ts';
import { hashHex } from '../../domain/ids/names.ts';
import type { EvidenceStore } from '../../ports/records.ts';
import type { RunMetrics, RunReading } from '../../ports/run-metrics.ts';
import { type LossesPorts, readLosses } from './read-losses.ts';

export interface JudgePorts extends LossesPorts {
  readonly runs: RunMetrics;
  readonly evidence: EvidenceStore;
}

type Judged =
  | { readonly ok: true; readonly decision: GateDecision; readonly measurements: object }
  | { readonly ok: false; readonly problems: readonly string[] };

const COMMIT_TAGS = ['slipway.code_commit', 'mlflow.source.git.commit'];
const MAX_SENTENCE = 800;

export function createJudgeChallenger(ports: JudgePorts): ActivityHandler<'judgeChallenger'> {
  return async ({ retrainingId, jobName, policy }) => {
    const run = await ports.runs.readRun(jobName);
    if (!run) return unreadable(`The job ${jobName} logged no run: it has to log its gate metrics with MLflow.`, null);
    const codeCommit = COMMIT_TAGS.flatMap((tag) => run.tags[tag] ?? [])[0]?.slice(0, 100) ?? null;
    const judged = policy.losses
      ? await byLosses(ports, jobName, policy, run, Number.parseInt(hashHex(retrainingId), 16))
      : byMetrics(policy, run);
    if (!judged.ok) return unreadable(judged.problems.join(' '), codeCommit);
    const { decision, measurements } = judged;
    const name = `${retrainingId}/gate.json`;
    await ports.evidence.put(name, { jobName, policy, measurements, decision });
    const { verdict, sentence } = decision;
    return { verdict, sentence: sentence.slice(0, MAX_SENTENCE), codeCommit, evidence: name };
  };
}

function byMetrics(policy: GatePolicy, { metrics }: RunReading): Judged {
  const reading = readGateMetrics(
    metrics,
    policy.slices.map(({ name }) => name),
  );
  if (!reading.ok) return reading;
  const { measurements } = reading;
  return { ok: true, measurements, decision: judgeChallenger(measurements, policy) };
}

async function byLosses(
  ports: LossesPorts,
  jobName: string,
  policy: GatePolicy,
  { metrics }: RunReading,
  seed: number,
): Promise<Judged> {
  const reading = await readLosses(ports, jobName, policy);
  if (!reading.ok) return { ok: false, problems: [reading.problem] };
  const { samples, uri } = reading;
  const problems = lossesProblems(samples, metrics);
  if (problems.length > 0) return { ok: false, problems };
  const { rows, championLoss, challengerLoss, differenceMean } = samples.overall;
  const measurements = { uri, overall: { rows, championLoss, challengerLoss, differenceMean } };
  return { ok: true, measurements, decision: judgeLosses(samples, policy, seed) };
}

function unreadable(sentence: string, codeCommit: string | null) {
  return { verdict: 'unreadable' as const, sentence: sentence.slice(0, MAX_SENTENCE), codeCommit, evidence: null };
}
