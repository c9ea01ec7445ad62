/**
 * Which alerts of one rule are firing. A condition that is met fires once; with autoMitigate the alert is resolved
 * when the condition was not met in three checks in a row ("Understand how metric alerts work in Azure Monitor").
 * A check without data changes nothing (not confirmed for the service).
 */
import { randomUUID } from 'node:crypto';
import type { CriterionReading } from './read-criterion.ts';

const CHECKS_TO_RESOLVE = 3;

export interface AlertInstance {
  /** Names the alert in its fired and its resolved notification. */
  readonly id: string;
  readonly firedAtMs: number;
}

export interface AlertChange {
  readonly condition: 'Fired' | 'Resolved';
  readonly instance: AlertInstance;
  /** One reading per criterion. */
  readonly readings: readonly CriterionReading[];
}

interface Firing {
  readonly instance: AlertInstance;
  healthyChecks: number;
}

export class AlertInstances {
  readonly #firing = new Map<string, Firing>();

  /** One check of one combination of dimensions. */
  check(readings: readonly CriterionReading[], nowMs: number, autoMitigate: boolean): AlertChange | undefined {
    const key = JSON.stringify(readings.map(({ dimensions }) => dimensions));
    const firing = this.#firing.get(key);
    if (readings.every(({ isMet }) => isMet)) {
      if (firing) {
        firing.healthyChecks = 0;
        return undefined;
      }
      const instance = { id: randomUUID(), firedAtMs: nowMs };
      this.#firing.set(key, { instance, healthyChecks: 0 });
      return { condition: 'Fired', instance, readings };
    }
    if (!firing || !autoMitigate) return undefined;
    firing.healthyChecks += 1;
    if (firing.healthyChecks < CHECKS_TO_RESOLVE) return undefined;
    this.#firing.delete(key);
    return { condition: 'Resolved', instance: firing.instance, readings };
  }
}
