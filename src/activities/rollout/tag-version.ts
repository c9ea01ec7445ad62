/** Writes a rollout's outcome on the model version. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';

export function createTagVersion(platform: ModelPlatform): ActivityHandler<'tagVersion'> {
  return async ({ model, version, tags }) => {
    const outcome = await platform.mergeModelVersionTags(model, version, tags);
    if (outcome.kind === 'busy') throw new Error(`Version ${version} of ${model} is being changed: ${outcome.reason}`);
    return outcome.kind === 'accepted' ? { kind: 'tagged' } : outcome;
  };
}
