/** Branded names for the activity tests. */
import type {
  DeploymentName,
  EndpointName,
  ModelName,
  ModelVersion,
  RolloutId,
} from '../../../src/domain/ids/names.ts';

export const FLIGHTS = 'flights' as EndpointName;
export const MODEL = 'air-time' as ModelName;
export const BLUE = 'blue' as DeploymentName;
export const GREEN = 'green' as DeploymentName;
export const ROLLOUT = 'rollout.flights.air-time.2.1' as RolloutId;

export function version(text: string): ModelVersion {
  return text as ModelVersion;
}
