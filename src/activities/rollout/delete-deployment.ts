/** Starts the deletion of a deployment after reading that nothing is routed to it. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';

export function createDeleteDeployment(platform: ModelPlatform): ActivityHandler<'deleteDeployment'> {
  return async ({ endpoint, deployment }) => {
    const view = await platform.getEndpoint(endpoint);
    if (view === null) return { kind: 'started' };
    const live = view.split.traffic[deployment] ?? 0;
    const mirrored = view.split.mirror[deployment] ?? 0;
    if (live + mirrored > 0) {
      return {
        kind: 'refused',
        reason: `${deployment} has ${live} % live and ${mirrored} % mirrored traffic of ${endpoint}.`,
      };
    }
    const outcome = await platform.deleteDeployment(endpoint, deployment);
    return outcome.kind === 'accepted' ? { kind: 'started' } : outcome;
  };
}
