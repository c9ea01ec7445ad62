/** Which requests metrics know of: those of whole grains whose values have appeared. */
import type { TrafficLogEntry } from '../../contracts/traffic-log.ts';
import type { TrafficStore } from '../store/traffic-store.ts';
import type { MetricResource } from './metric-resource.ts';

export interface PublishedContext {
  readonly store: TrafficStore;
  readonly nowMs: number;
  readonly grainMs: number;
  /** How long after the end of a grain its values appear. */
  readonly delayMs: number;
}

/** Those that started from `firstMs` on and before `untilMs`. */
export function publishedEntries(
  resource: MetricResource,
  range: { readonly firstMs: number; readonly untilMs: number },
  { store, nowMs, grainMs, delayMs }: PublishedContext,
): readonly TrafficLogEntry[] {
  const publishedUntilMs = Math.floor((nowMs - delayMs) / grainMs) * grainMs;
  const untilMs = Math.min(publishedUntilMs, range.untilMs);
  return store
    .requests()
    .map(({ entry }) => entry)
    .filter((entry) => entry.startedAtMs >= range.firstMs && entry.startedAtMs < untilMs && resource.owns(entry));
}
