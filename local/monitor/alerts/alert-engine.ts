/** Holds rules and action groups, checks each enabled rule at its frequency, and notifies of every change. */
import type { Cancel, Clock } from '../../emulator/clock.ts';
import { samplesOf } from '../metrics/metric-samples.ts';
import { publishedEntries } from '../metrics/published-entries.ts';
import type { TrafficStore } from '../store/traffic-store.ts';
import type { ActionGroup } from './action-group.ts';
import { AlertInstances } from './alert-instances.ts';
import type { AlertRule } from './alert-rule.ts';
import { commonAlert } from './common-alert.ts';
import type { WebhookNotifier } from './notify-webhook.ts';
import { type CriterionReading, readCriterion } from './read-criterion.ts';

const MAX_RESOURCES = 100;

export interface AlertEngineOptions {
  readonly clock: Clock;
  readonly store: TrafficStore;
  readonly grainMs: number;
  readonly delayMs: number;
  readonly notifier: WebhookNotifier;
}

interface Watched {
  readonly rule: AlertRule;
  readonly instances: AlertInstances;
  cancel: Cancel;
}

export class AlertEngine {
  readonly #options: AlertEngineOptions;
  readonly #rules = new Map<string, Watched>();
  readonly #groups = new Map<string, ActionGroup>();

  constructor(options: AlertEngineOptions) {
    this.#options = options;
  }

  rule(id: string): AlertRule | undefined {
    return this.#rules.get(id.toLowerCase())?.rule;
  }

  group(id: string): ActionGroup | undefined {
    return this.#groups.get(id.toLowerCase());
  }

  rules(): readonly AlertRule[] {
    return [...this.#rules.values()].map(({ rule }) => rule);
  }

  groups(): readonly ActionGroup[] {
    return [...this.#groups.values()];
  }

  /** True when it is new. A changed rule forgets what was firing. */
  putRule(rule: AlertRule): boolean {
    const isNew = !this.removeRule(rule.id);
    const watched: Watched = { rule, instances: new AlertInstances(), cancel: () => {} };
    this.#rules.set(rule.id.toLowerCase(), watched);
    if (rule.body.properties.enabled) this.#schedule(watched);
    return isNew;
  }

  putGroup(group: ActionGroup): boolean {
    const isNew = !this.#groups.has(group.id.toLowerCase());
    this.#groups.set(group.id.toLowerCase(), group);
    return isNew;
  }

  isFull(): boolean {
    return this.#rules.size + this.#groups.size >= MAX_RESOURCES;
  }

  removeRule(id: string): boolean {
    this.#rules.get(id.toLowerCase())?.cancel();
    return this.#rules.delete(id.toLowerCase());
  }

  removeGroup(id: string): boolean {
    return this.#groups.delete(id.toLowerCase());
  }

  close(): void {
    for (const { cancel } of this.#rules.values()) cancel();
    this.#options.notifier.close();
  }

  #schedule(watched: Watched): void {
    watched.cancel = this.#options.clock.after(watched.rule.frequencyMs, () => {
      this.#check(watched);
      this.#schedule(watched);
    });
  }

  #check({ rule, instances }: Watched): void {
    const nowMs = this.#options.clock.nowMs();
    for (const readings of this.#combinations(rule, nowMs)) {
      const change = instances.check(readings, nowMs, rule.body.properties.autoMitigate);
      if (!change) continue;
      for (const { actionGroupId, webHookProperties } of rule.body.properties.actions) {
        this.#notify(actionGroupId, commonAlert(rule, change, nowMs, webHookProperties));
      }
    }
  }

  /** With several criteria there is one combination, and only when each of them has data. */
  #combinations(rule: AlertRule, nowMs: number): readonly (readonly CriterionReading[])[] {
    const { grainMs } = this.#options;
    const range = { firstMs: nowMs - rule.windowMs, untilMs: nowMs };
    const entries = publishedEntries(rule.resource, range, { ...this.#options, nowMs });
    const readings = rule.body.properties.criteria.allOf.map((criterion, index) => {
      const metric = rule.metrics[index];
      return metric ? readCriterion(criterion, metric, samplesOf(metric, entries, grainMs)) : [];
    });
    const [first = []] = readings;
    if (readings.length === 1) return first.map((reading) => [reading]);
    const each = readings.flatMap((found) => found.slice(0, 1));
    return each.length === readings.length ? [each] : [];
  }

  #notify(actionGroupId: string, alert: object): void {
    const group = this.group(actionGroupId);
    if (!group?.body.properties.enabled) return;
    for (const receiver of group.body.properties.webhookReceivers) void this.#options.notifier.notify(receiver, alert);
  }
}
