/** Decides whether a version is worth a rollout: it exists, no rollout has settled its fate, and it is newer than what serves. */
import type { ActivityHandler, ActivityInput, ActivityOutput } from '../../contracts/activities.ts';
import { SLIPWAY_TAGS } from '../../domain/rollout/tag-names.ts';
import { blueOf } from '../../domain/rollout/traffic-split.ts';
import type { ModelPlatform, ModelVersionView } from '../../ports/model-platform.ts';

const FINAL_STATUSES = new Set(['live', 'rejected', 'superseded']);

type Input = ActivityInput<'assessVersion'>;

export function createAssessVersion(platform: ModelPlatform): ActivityHandler<'assessVersion'> {
  return async (input) => {
    const { model, version } = input;
    const candidate = await platform.getModelVersion(model, version);
    if (candidate === null) return ignored(`Version ${version} of model ${model} does not exist in the workspace.`);
    const settled = settledReason(candidate, input);
    if (settled !== null) return ignored(settled);
    const outdated = await outdatedReason(platform, candidate, input);
    if (outdated !== null) return ignored(outdated);
    return { kind: 'eligible', createdAtIso: candidate.createdAtIso };
  };
}

/** A retry (attempt above 1) is somebody's explicit wish: an earlier outcome does not forbid it. */
function settledReason({ tags, version }: ModelVersionView, input: Input): string | null {
  const status = tags[SLIPWAY_TAGS.status] ?? '';
  const rollout = tags[SLIPWAY_TAGS.rollout] ?? 'an unnamed rollout';
  if (!FINAL_STATUSES.has(status) || rollout === input.rolloutId || input.attempt > 1) return null;
  return `Version ${version} is marked ${status} by ${rollout}; only a retry rolls it out again.`;
}

/** Without an endpoint or traffic there is nothing to compare with: the snapshot decides what is possible. */
async function outdatedReason(
  platform: ModelPlatform,
  candidate: ModelVersionView,
  { endpoint, model, version }: Input,
): Promise<string | null> {
  const view = await platform.getEndpoint(endpoint);
  const blue = view === null ? null : blueOf(view.split.traffic);
  const serving = blue === null ? null : await platform.getDeployment(endpoint, blue);
  if (serving?.model !== model || serving.modelVersion === null) return null;
  if (serving.modelVersion === version) return `Version ${version} serves ${endpoint} already.`;
  const current = await platform.getModelVersion(model, serving.modelVersion);
  if (current === null || Date.parse(candidate.createdAtIso) > Date.parse(current.createdAtIso)) return null;
  return `Version ${version} (created ${candidate.createdAtIso}) is not newer than version ${current.version} (created ${current.createdAtIso}), which serves ${endpoint}.`;
}

function ignored(reason: string): ActivityOutput<'assessVersion'> {
  return { kind: 'ignored', reason };
}
