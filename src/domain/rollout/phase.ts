/** The phases of a rollout and every legal move between them. */

export type ActivePhase =
  | 'queued'
  | 'preparing'
  | 'deploying'
  | 'smoke-testing'
  | 'mirroring'
  | 'shadowing'
  | 'awaiting-approval'
  | 'shifting'
  | 'watching'
  | 'promoting'
  | 'baking'
  | 'retiring'
  | 'rolling-back';

export type FinalPhase = 'promoted' | 'rolled-back' | 'superseded' | 'ignored';

export type Phase = ActivePhase | FinalPhase;

/**
 * Legal moves. Forward moves follow the order of the rollout; every phase in which the endpoint may differ from its
 * snapshot can also move to `rolling-back`. `retiring` cannot: green serves everything and blue may be gone.
 */
const MOVES: Readonly<Record<Phase, readonly Phase[]>> = {
  queued: ['preparing', 'superseded', 'ignored', 'rolling-back'],
  preparing: ['deploying', 'ignored', 'rolling-back'],
  deploying: ['smoke-testing', 'rolling-back'],
  'smoke-testing': ['mirroring', 'awaiting-approval', 'shifting', 'promoting', 'rolling-back'],
  mirroring: ['shadowing', 'awaiting-approval', 'promoting', 'rolling-back'],
  shadowing: ['awaiting-approval', 'shifting', 'promoting', 'rolling-back'],
  'awaiting-approval': ['shifting', 'promoting', 'rolling-back'],
  shifting: ['watching', 'awaiting-approval', 'promoting', 'rolling-back'],
  watching: ['awaiting-approval', 'shifting', 'promoting', 'rolling-back'],
  promoting: ['baking', 'retiring', 'rolling-back'],
  baking: ['retiring', 'rolling-back'],
  retiring: ['promoted'],
  'rolling-back': ['rolled-back'],
  promoted: [],
  'rolled-back': [],
  superseded: [],
  ignored: [],
};

export function canMove(from: Phase, to: Phase): boolean {
  return MOVES[from].includes(to);
}

export function isFinal(phase: Phase): phase is FinalPhase {
  return MOVES[phase].length === 0;
}

/** Phases that a failure, an abort or an expired wait leaves by rolling back. */
export function canRollBack(phase: Phase): boolean {
  return MOVES[phase].includes('rolling-back');
}

/** Phases in which live or mirrored requests of green are judged. */
export function isJudged(phase: Phase): phase is 'shadowing' | 'watching' | 'baking' {
  return phase === 'shadowing' || phase === 'watching' || phase === 'baking';
}

export const PHASES: readonly Phase[] = Object.keys(MOVES) as Phase[];

const STANDS_STILL: readonly Phase[] = ['queued', 'preparing', 'deploying', 'smoke-testing'];

/** Phases that do nothing while paused; the judged ones go on looking, and roll back if they must. */
export function standsStillWhilePaused(phase: Phase): boolean {
  return STANDS_STILL.includes(phase);
}
