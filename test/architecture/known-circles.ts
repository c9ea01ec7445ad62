/** The circles of imports that are still there. Names only leave these lists; none is added. */

/** Folders that lie in a circle of folders. */
export const KNOWN_FOLDERS: readonly string[] = [
  'src',
  'src/activities',
  'src/activities/retraining',
  'src/domain/audit',
  'src/domain/canary',
  'src/domain/canary/answers',
  'src/domain/canary/rule',
  'src/domain/canary/rule/latency',
  'src/domain/canary/rule/outcomes',
  'src/domain/canary/rule/predictions',
  'src/domain/retraining',
  'src/orchestrators',
  'src/orchestrators/phases',
  'src/orchestrators/retraining',
  'src/register',
];

/** Files that lie in a circle of files. */
export const KNOWN_FILES: readonly string[] = [
  'src/domain/canary/answers/answers-due.ts',
  'src/domain/canary/answers/answers-state.ts',
  'src/domain/canary/answers/by-bucket.ts',
  'src/domain/canary/answers/due-window.ts',
  'src/domain/canary/answers/outcome-buckets.ts',
  'src/domain/canary/answers/prediction-buckets.ts',
  'src/domain/canary/answers/take-answers.ts',
  'src/domain/canary/baseline-history.ts',
  'src/domain/canary/judge-contract.ts',
  'src/domain/canary/judge-state.ts',
  'src/domain/canary/reading-window.ts',
  'src/domain/canary/ready-buckets.ts',
  'src/domain/canary/rule/outcomes/outcome-state.ts',
  'src/domain/canary/rule/outcomes/value-memory.ts',
  'src/domain/canary/rule/predictions/prediction-finding.ts',
  'src/domain/canary/rule/predictions/step-predictions.ts',
];
