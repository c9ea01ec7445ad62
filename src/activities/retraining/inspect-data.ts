/** Checks the training data against the policy before any money is spent on it. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import { columnsToCheck, dataProblems } from '../../domain/retraining/data-rules.ts';
import type { DataAssets } from '../../ports/data-assets.ts';
import type { TrainingData } from '../../ports/training-data.ts';

const MAX_PROBLEM = 150;

/** The reference in the answer is pinned: `@latest` has become a version. */
export function createInspectData(assets: DataAssets, data: TrainingData): ActivityHandler<'inspectData'> {
  return async ({ policy }) => {
    const resolved = await assets.resolve(policy.source);
    if (!resolved.ok) return unfit([resolved.reason]);
    const { reference, uri, kind, blobUrl } = resolved.data;
    const inspection = await data.inspect({ blobUrl, kind, columns: columnsToCheck(policy) });
    if (!inspection.ok) return unfit([inspection.reason]);
    const problems = dataProblems(inspection.report, policy);
    if (problems.length > 0) return unfit(problems);
    return { kind: 'fit', reference: reference ?? uri, uri, rows: inspection.report.rows };
  };
}

function unfit(problems: readonly string[]) {
  return { kind: 'unfit' as const, problems: problems.map((problem) => problem.slice(0, MAX_PROBLEM)) };
}
