/**
 * What a latency alert means for a running rollout: green alone is slow and has been slow since its step began, so the
 * rollout ends; or it is not clear that green is the cause, so the rollout stands still and a person looks.
 */
import type { DeploymentName } from '../ids/names.ts';
import { breachesOf, describeAlert, type LatencyAlert } from './latency-alert.ts';

export interface AlertScene {
  readonly green: DeploymentName;
  readonly blue: DeploymentName | null;
  /** When green's present share was read back; null while it has none. */
  readonly trafficSinceIso: string | null;
}

export interface AlertVerdict {
  readonly kind: 'roll-back' | 'hold';
  readonly reason: string;
}

export function ruleOnLatency(alert: LatencyAlert, scene: AlertScene): AlertVerdict {
  const said = describeAlert(alert);
  const doubt = doubtOf(alert, scene);
  if (doubt === null)
    return { kind: 'roll-back', reason: `Latency alert: ${scene.green} is slow and ${scene.blue} is not (${said}).` };
  return {
    kind: 'hold',
    reason: `Latency alert, and ${doubt} (${said}). The rollout stands still: look at it, then resume or abort.`,
  };
}

/** Null when green, and nobody but green, can have caused it. */
function doubtOf(alert: LatencyAlert, { green, blue, trafficSinceIso }: AlertScene): string | null {
  const slow = breachesOf(alert).map(({ deployment }) => deployment);
  if (!slow.includes(green)) return `${green} is not the slow one`;
  if (trafficSinceIso === null || Date.parse(alert.firedAtIso) <= Date.parse(trafficSinceIso)) {
    return `it fired at ${alert.firedAtIso}, before ${green} got its present share`;
  }
  if (blue === null) return `there is no other deployment to compare ${green} with`;
  if (slow.includes(blue)) return `${blue} is slow as well`;
  if (!alert.readings.some(({ deployment }) => deployment === blue)) return `nothing is known of ${blue} in its window`;
  return null;
}
