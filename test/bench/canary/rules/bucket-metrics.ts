/** The figures of one bucket that threshold rules and Kayenta look at. */
import { type ArmCounts, LATENCY_GAMMA } from '../../../../src/domain/judge/reading/traffic-bucket.ts';

export function errorPercent({ errors, requests }: ArmCounts): number {
  return requests > 0 ? (100 * errors) / requests : Number.NaN;
}

/** Quantile by linear interpolation within its bin, as Prometheus' histogram_quantile does. */
export function interpolatedQuantileMs({ latency, requests }: ArmCounts, fraction: number): number {
  if (requests === 0) return Number.NaN;
  const wanted = fraction * requests;
  let seen = 0;
  let edge = 0;
  for (const [bin, count] of Object.entries(latency)) {
    const lower = LATENCY_GAMMA ** Number(bin);
    edge = lower * LATENCY_GAMMA;
    if (seen + count >= wanted) return lower + ((edge - lower) * (wanted - seen)) / count;
    seen += count;
  }
  return edge;
}
