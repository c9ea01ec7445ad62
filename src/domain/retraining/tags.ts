/** The lineage that a retraining leaves on its job and on the version that it registers. */
import { DATA_TAG } from '../rollout/tag-names.ts';
import type { RetrainingState } from './state.ts';

export const RETRAINING_TAGS = {
  retraining: 'slipway.retraining',
  job: 'slipway.job',
  data: DATA_TAG,
  trigger: 'slipway.trigger',
  champion: 'slipway.champion',
  codeCommit: 'slipway.code-commit',
} as const;

const MAX_VALUE = 250;

/** The policy's own tags first; lineage cannot be overwritten by them. */
export function lineageTags(state: RetrainingState): Readonly<Record<string, string>> {
  const { trigger, data, champion, codeCommit } = state;
  const lineage = {
    [RETRAINING_TAGS.retraining]: state.retrainingId,
    [RETRAINING_TAGS.job]: state.jobName,
    [RETRAINING_TAGS.data]: data?.reference ?? '',
    [RETRAINING_TAGS.trigger]: `${trigger.kind}: ${trigger.reference}`,
    [RETRAINING_TAGS.champion]: champion?.version ?? '',
    ...(codeCommit === null ? {} : { [RETRAINING_TAGS.codeCommit]: codeCommit }),
  };
  const all = Object.entries({ ...state.policy.register.tags, ...lineage });
  return Object.fromEntries(all.map(([name, value]) => [name, value.slice(0, MAX_VALUE)]));
}
