/** Tags on a model version that tell how its rollout ended; they outlive every orchestration. */

import type { RolloutState } from './state.ts';
import { SLIPWAY_TAGS } from './tag-names.ts';

const MAX_REASON = 250;

/** Null for an outcome that says nothing about the version (it was ignored). */
export function finalTags(state: RolloutState): Readonly<Record<string, string>> | null {
  const status = statusTag(state);
  if (status === null) return null;
  return {
    [SLIPWAY_TAGS.status]: status,
    [SLIPWAY_TAGS.reason]: state.note.slice(0, MAX_REASON),
    [SLIPWAY_TAGS.rollout]: state.rolloutId,
  };
}

function statusTag(state: RolloutState): 'live' | 'rejected' | 'superseded' | null {
  switch (state.phase) {
    case 'promoted':
      return 'live';
    case 'rolled-back':
      return state.rollback?.code === 'superseded' ? 'superseded' : 'rejected';
    case 'superseded':
      return 'superseded';
    default:
      return null;
  }
}
