/** Adding an instance to a deployment that is too slow: one step at a time, never beyond the policy's limit. */
import { type DeploymentName, type EndpointName, hashHex } from '../ids/names.ts';

/** Input of the orchestration. */
export interface ScaleOutRequest {
  readonly scaleOutId: string;
  readonly endpoint: EndpointName;
  readonly deployment: DeploymentName;
  readonly maxInstanceCount: number;
  /** What the alert said. */
  readonly reason: string;
  readonly requestedAtIso: string;
}

/** The same alert never adds two instances. */
export function scaleOutIdOf(endpoint: EndpointName, alertEventId: string): string {
  return `scale-out.${endpoint}.${hashHex(alertEventId)}${hashHex(`${alertEventId}#`)}`;
}

/** Null at the limit. */
export function nextInstanceCount(present: number, maxInstanceCount: number): number | null {
  return present < maxInstanceCount ? present + 1 : null;
}
