/** Counts of prediction events add up; earlier ones of blue fade, so that the last hour counts most. */
import { DECAY, MOST_HISTORY_REQUESTS } from '../base-rate.ts';
import type { PredictionCounts } from './prediction-events.ts';

export function addPredictions(a: PredictionCounts, b: PredictionCounts): PredictionCounts {
  return { of: a.of + b.of, hits: a.hits.map((hits, event) => hits + (b.hits[event] ?? 0)) };
}

export function startBase(history: PredictionCounts): PredictionCounts {
  return scaled(history, Math.min(1, MOST_HISTORY_REQUESTS / Math.max(1, history.of)));
}

export function learnBase(base: PredictionCounts, blue: PredictionCounts): PredictionCounts {
  return addPredictions(scaled(base, DECAY), blue);
}

function scaled({ of, hits }: PredictionCounts, factor: number): PredictionCounts {
  const stored = (count: number) => Math.round(count * factor * 1e6) / 1e6;
  return { of: stored(of), hits: hits.map(stored) };
}
