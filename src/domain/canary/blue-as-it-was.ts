/** Stands in for blue where it gets no requests by intention: its remembered error rate and latencies, for as many requests as green has. */
import { predictedRate } from './rule/base-rate.ts';
import type { RuleState } from './rule/rule-state.ts';
import type { ArmCounts, LatencyHistogram } from './traffic-buckets.ts';

/** Whole counts, as real buckets have; rounding never adds more latencies than requests. */
export function blueAsItWas({ base, shape }: RuleState, requests: number): ArmCounts {
  const errors = base.requests > 0 ? Math.round(requests * predictedRate(base)) : 0;
  return { requests, errors, latency: scaled(shape, requests - errors) };
}

/** Cumulative rounding: every bin is right to one request, and so is every tail. */
function scaled(shape: readonly number[], requests: number): LatencyHistogram {
  const sum = shape.reduce((total, count) => total + count, 0);
  const latency: Record<string, number> = {};
  if (sum <= 0) return latency;
  let remembered = 0;
  let given = 0;
  for (const [bin, count] of shape.entries()) {
    remembered += count;
    const upTo = Math.min(requests, Math.round((remembered / sum) * requests));
    if (upTo > given) latency[bin] = upTo - given;
    given = Math.max(given, upTo);
  }
  return latency;
}
