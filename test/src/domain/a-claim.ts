/** Claims of a lane; tests change what they are about. */
import type {
  DeploymentName,
  EndpointName,
  ModelName,
  ModelVersion,
  RolloutId,
} from '../../../src/domain/ids/names.ts';
import type { RolloutClaim, ScaleOutClaim } from '../../../src/domain/lane/lane.ts';
import { NOW } from './a-policy.ts';

export function aClaim(id: string, changes: Partial<RolloutClaim> = {}): RolloutClaim {
  return {
    kind: 'rollout',
    id: id as RolloutId,
    endpoint: 'flights' as EndpointName,
    policy: 'flights',
    model: 'air-time' as ModelName,
    version: '2' as ModelVersion,
    green: 'g' as DeploymentName,
    versionCreatedAtIso: NOW,
    whenBusy: 'wait',
    ...changes,
  };
}

export function aScaleOutClaim(id = 'scale-out.flights.0011'): ScaleOutClaim {
  return { kind: 'scale-out', id, deployment: 'blue' as DeploymentName };
}
