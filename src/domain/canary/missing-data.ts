/** Silence is no good news: first nothing moves, then green is rolled back; each with its cause. */
import type { MetricVerdict, NoDataCause } from './decision.ts';
import type { JudgeState } from './judge-state.ts';
import type { RuleDecision } from './rule/decide-rule.ts';

/** Diagnostic logs of a new endpoint may take an hour to show their first row (Azure documentation "Monitor online endpoints"). */
const FIRST_ROWS_MS = 3_600_000;

export interface MissingData {
  readonly kind: 'hold' | 'rollback';
  readonly sentence: string;
  readonly verdicts: readonly MetricVerdict[];
}

/** Null where the rule's guards do not miss data, or where the evidence has spoken already. */
export function missingData(
  state: JudgeState,
  ruled: Pick<RuleDecision, 'kind' | 'guard' | 'sentence'>,
  noDataBuckets: number,
): MissingData | null {
  if (ruled.guard !== 'telemetry-lost' && ruled.guard !== 'no-blue-requests') return null;
  if (ruled.kind !== 'hold' && ruled.kind !== 'rollback') return null;
  const cause = ruled.guard === 'no-blue-requests' ? 'no-blue-requests' : causeOf(state);
  const { silentLooks, blueSilentLooks } = state.rule.guard;
  const buckets = Math.max(silentLooks, blueSilentLooks);
  const kind = ruled.kind === 'rollback' || isTooLong(state, cause, noDataBuckets) ? 'rollback' : 'hold';
  const follows = kind === 'rollback' ? 'without data green cannot be trusted' : 'nothing moves until there is data';
  const sentence = `${buckets} buckets in a row lack requests (${cause}); ${follows}.`;
  const verdict = { verdict: 'no-data', cause, sentence, numbers: { emptyBuckets: buckets } } as const;
  return {
    kind,
    sentence,
    verdicts: [
      { metric: 'errors', ...verdict },
      { metric: 'latency', ...verdict },
    ],
  };
}

function causeOf({ greenSeen, blueSeen, rule }: JudgeState): NoDataCause {
  if (rule.guard.silentWhileBlueServed > 0) return 'no-green-requests';
  if (greenSeen) return 'telemetry-lost';
  return blueSeen ? 'no-green-requests' : 'no-rows-yet';
}

/** A silent blue alone is for people: going back to a deployment that may not answer is no safe way out. */
function isTooLong(state: JudgeState, cause: NoDataCause, noDataBuckets: number): boolean {
  if (cause === 'no-blue-requests') return false;
  if (cause === 'no-rows-yet') return state.judgedUntilMs - state.sinceMs >= FIRST_ROWS_MS;
  return state.rule.guard.silentLooks >= 2 * noDataBuckets;
}
