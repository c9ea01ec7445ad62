/** The circles of imports that are still there. Names only leave these lists; none is added. */

/** Folders that lie in a circle of folders. */
export const KNOWN_FOLDERS: readonly string[] = [
  'src',
  'src/activities',
  'src/activities/judge',
  'src/activities/retraining',
  'src/domain/audit',
  'src/domain/judge',
  'src/domain/judge/metrics',
  'src/domain/judge/metrics/latency',
  'src/domain/judge/metrics/outcomes',
  'src/domain/judge/metrics/predictions',
  'src/domain/judge/reading',
  'src/domain/retraining',
  'src/orchestrators',
  'src/orchestrators/phases',
  'src/orchestrators/retraining',
  'src/register',
];

/** Files that lie in a circle of files. */
export const KNOWN_FILES: readonly string[] = [];
