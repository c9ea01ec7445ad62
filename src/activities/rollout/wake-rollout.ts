/** Wakes another rollout, so that it looks at its lane or inbox now instead of at its next tick. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import type { OrchestrationControl } from '../../ports/orchestration-control.ts';

export function createWakeRollout(control: OrchestrationControl): ActivityHandler<'wakeRollout'> {
  return async ({ rolloutId }) => {
    await control.wake(rolloutId);
    return { woken: true };
  };
}
