/** The gate: reads what the job measured of champion and challenger on the same rows, and decides. */
import type { ActivityHandler } from '../contracts/activities.ts';
import { judgeChallenger } from '../domain/gate/judge-challenger.ts';
import { readGateMetrics } from '../domain/gate/paired-loss.ts';
import type { EvidenceStore } from '../ports/records.ts';
import type { RunMetrics } from '../ports/run-metrics.ts';

const COMMIT_TAGS = ['slipway.code_commit', 'mlflow.source.git.commit'];
const MAX_SENTENCE = 800;

export function createJudgeChallenger(runs: RunMetrics, evidence: EvidenceStore): ActivityHandler<'judgeChallenger'> {
  return async ({ retrainingId, jobName, policy }) => {
    const run = await runs.readRun(jobName);
    if (!run) return unreadable(`The job ${jobName} logged no run: it has to log its gate metrics with MLflow.`, null);
    const codeCommit = COMMIT_TAGS.flatMap((tag) => run.tags[tag] ?? [])[0]?.slice(0, 100) ?? null;
    const reading = readGateMetrics(
      run.metrics,
      policy.slices.map(({ name }) => name),
    );
    if (!reading.ok) return unreadable(reading.problems.join(' '), codeCommit);
    const decision = judgeChallenger(reading.measurements, policy);
    const name = `${retrainingId}/gate.json`;
    await evidence.put(name, { jobName, policy, measurements: reading.measurements, decision });
    const { verdict, sentence } = decision;
    return { verdict, sentence: sentence.slice(0, MAX_SENTENCE), codeCommit, evidence: name };
  };
}

function unreadable(sentence: string, codeCommit: string | null) {
  return { verdict: 'unreadable' as const, sentence: sentence.slice(0, MAX_SENTENCE), codeCommit, evidence: null };
}
