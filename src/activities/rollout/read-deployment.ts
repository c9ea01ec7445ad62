/** Tells how far a deployment is, with the end of its log when it failed. */
import type { ActivityHandler, ActivityOutput } from '../../contracts/activities.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';
import { isBroken, isSettled } from './settled.ts';

const LOG_LINES = 20;
const MAX_LOG_CHARACTERS = 1000;

export function createReadDeployment(platform: ModelPlatform): ActivityHandler<'readDeployment'> {
  return async ({ endpoint, deployment }) => {
    const view = await platform.getDeployment(endpoint, deployment);
    if (view === null) return { state: 'absent', provisioningState: '', log: '' };
    const { provisioningState } = view;
    const state = stateOf(provisioningState);
    const log = state === 'failed' ? await platform.getDeploymentLog(endpoint, deployment, LOG_LINES) : '';
    return { state, provisioningState, log: endOf(log.trim()) };
  };
}

function stateOf(provisioningState: string): ActivityOutput<'readDeployment'>['state'] {
  if (isSettled(provisioningState)) return 'ready';
  if (isBroken(provisioningState)) return 'failed';
  return provisioningState === 'Deleting' ? 'deleting' : 'pending';
}

/** Begins with a whole line where there is one. */
function endOf(log: string): string {
  const end = log.slice(-MAX_LOG_CHARACTERS);
  return end.length < log.length ? end.slice(end.indexOf('\n') + 1) : end;
}
