/** One step towards a split of traffic: the one place that asks for it and reads the answer. */
import type { OrchestrationContext } from 'durable-functions';
import { type Progress, type StatePatch, stay } from '../../domain/rollout/progress.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { describeSplit, type TrafficSplit } from '../../domain/rollout/traffic-split.ts';
import { call, type Steps } from '../call.ts';

/** What differs between the phases that move traffic. */
export interface TrafficMove {
  readonly wanted: TrafficSplit;
  /** Splits of this rollout's own; anything else is somebody else's change. */
  readonly expected: readonly TrafficSplit[];
  /** Overrules somebody else's change. */
  readonly force: boolean;
  /** Writes even where a read shows the split already. */
  readonly rewrite?: boolean;
  /** Kept once the write was taken. */
  readonly written?: StatePatch;
  readonly whenRefused: (reason: string) => Progress;
  readonly whenForeign: (actual: TrafficSplit) => Progress;
}

/** Null once the split is read back. */
export function* bringAbout(
  ctx: OrchestrationContext,
  state: RolloutState,
  { wanted, expected, force, rewrite = false, written = {}, whenRefused, whenForeign }: TrafficMove,
): Steps<Progress | null> {
  const { endpoint, policy } = state;
  const answer = yield* call(ctx, 'shiftTraffic', { endpoint, wanted, expected, force, rewrite });
  const { pollSeconds } = policy.timing;
  switch (answer.kind) {
    case 'in-place':
      return null;
    case 'submitted':
      return stay(`Waiting until ${describeSplit(wanted)} is in place.`, pollSeconds, written);
    case 'busy':
      return stay(`Azure ML is busy: ${answer.reason}`, pollSeconds);
    case 'refused':
      return whenRefused(answer.reason);
    case 'foreign-change':
      return whenForeign(answer.actual);
  }
}
