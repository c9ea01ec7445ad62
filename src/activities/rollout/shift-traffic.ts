/** Takes one step towards the wanted split, and never overwrites a change of somebody else without being told to. */
import type { ActivityHandler, ActivityInput } from '../../contracts/activities.ts';
import { sameSplit } from '../../domain/rollout/traffic-split.ts';
import type { EndpointView, ModelPlatform } from '../../ports/model-platform.ts';
import { isChanging, isSettled } from './settled.ts';

/** The endpoint is read before each write: what this rollout wrote a moment ago may be there already. */
export function createShiftTraffic(platform: ModelPlatform): ActivityHandler<'shiftTraffic'> {
  return async (input) => {
    const { endpoint, wanted } = input;
    const view = await platform.getEndpoint(endpoint);
    if (view === null) return { kind: 'refused', reason: `Endpoint ${endpoint} does not exist.` };
    if (isChanging(view.provisioningState)) {
      return { kind: 'busy', reason: `An operation runs on endpoint ${endpoint} (${view.provisioningState}).` };
    }
    const shown = isSettled(view.provisioningState) && sameSplit(view.split, wanted);
    if (shown && !input.rewrite) return { kind: 'in-place' };
    if (isForeign(view, input)) return { kind: 'foreign-change', actual: view.split };
    const outcome = await platform.putTraffic(endpoint, wanted);
    return outcome.kind === 'accepted' ? { kind: 'submitted' } : outcome;
  };
}

function isForeign(view: EndpointView, { wanted, expected, force }: ActivityInput<'shiftTraffic'>): boolean {
  return !force && ![wanted, ...expected].some((split) => sameSplit(view.split, split));
}
