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

const PREFIX = 'scale-out.';

/** The same alert never adds two instances. */
export function scaleOutIdOf(endpoint: EndpointName, alertEventId: string): string {
  return `${PREFIX}${endpoint}.${hashHex(alertEventId)}${hashHex(`${alertEventId}#`)}`;
}

/** A lane may be held by a rollout or, for a moment, by one of these. */
export function isScaleOutId(id: string): boolean {
  return id.startsWith(PREFIX);
}

/** Null at the limit. */
export function nextInstanceCount(present: number, maxInstanceCount: number): number | null {
  return present < maxInstanceCount ? present + 1 : null;
}
