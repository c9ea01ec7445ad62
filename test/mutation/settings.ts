/** What the mutation run covers, and the share of mutants that the tests must notice. */

/** Same seed and same sources: same sample. */
export const SEED = 1;

export const SAMPLE_SIZE = 400;

/** At least this percentage of the sample is noticed. */
export const BOUND_PERCENT = 92;

/** Decisions and the code that acts on them. */
export const FOLDERS: readonly string[] = [
  'src/domain/rollout',
  'src/domain/lane',
  'src/domain/retraining',
  'src/domain/gate',
  'src/orchestrators',
  'src/activities',
  'src/commands',
  'src/functions',
  'src/adapters',
  'src/config',
];
