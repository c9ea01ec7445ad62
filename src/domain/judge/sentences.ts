/** What a decision says, so that a person can check it. */
import { count, oneInMany, rounded } from '../text/numbers.ts';
import type { DecisionKind } from './decision.ts';
import type { JudgeState } from './judge-state.ts';
import type { JudgedStretch } from './judged-stretch.ts';
import { sentenceOfErrors } from './metrics/errors.ts';
import { noSuccessSentence } from './no-success.ts';
import { type AskedMetric, isSpeaking } from './weigh-evidence.ts';

/** What a look found, as far as sentences tell it. */
export interface Found {
  readonly logEvidence: number;
  readonly logAssurance: number;
  /** "all requests about 1.4 times as slow" */
  readonly leading: string;
  readonly remainingRequests: number | null;
  /** Metrics that may turn green back. */
  readonly asked: readonly AskedMetric[];
  readonly guilty: readonly string[];
  readonly neverSucceeds: boolean;
}

export function rollbackSentence({ traffic }: JudgeState, found: Found): string {
  if (found.neverSucceeds) return noSuccessSentence(traffic.failures);
  const of = found.asked.filter(isSpeaking).length;
  const agree = `${found.guilty.length} of ${of} metrics agree (${found.guilty.join(', ')})`;
  const chance = chanceSentence(found.logEvidence);
  return `Best explanation: ${found.leading}; ${chance}; ${agree}; ${countsOf(traffic)}.`;
}

export function forwardSentence({ traffic }: JudgeState, { logAssurance, asked }: Found): string {
  const risk = rounded(100 * Math.exp(-logAssurance), 1);
  const within = 'Green is within its promotion margins on every metric';
  return `${within}, at a risk of ${risk} %; ${countsOf(traffic)}${unheardSentence(asked)}.`;
}

export function undecidedSentence({ traffic }: JudgeState, found: Found): string {
  const { logEvidence, remainingRequests, leading, asked } = found;
  const more =
    remainingRequests !== null && logEvidence > Math.log(2)
      ? `; about ${count(remainingRequests)} more green requests would settle "${leading}"`
      : '';
  return `${countsOf(traffic)}; ${chanceSentence(logEvidence)}${more}${unheardSentence(asked)}.`;
}

/** How far the stretch is, or that the horizon is reached. */
export function progressSentence(
  { buckets }: JudgeState,
  { dwellBuckets }: JudgedStretch,
  kind: DecisionKind,
  bucketsUsed: number,
): string {
  if (kind !== 'continue') return `Undecided after ${bucketsUsed} buckets, at the horizon of the policy.`;
  return buckets < dwellBuckets ? `${buckets} of ${dwellBuckets} buckets judged.` : `${buckets} buckets judged.`;
}

/** "at most a 1 in 3,000 chance of this if green were within its margins". */
export function chanceSentence(logEvidence: number): string {
  if (logEvidence <= Math.log(2)) return 'nothing speaks against green so far';
  return `${oneInMany(logEvidence)} chance of this if green were within its margins`;
}

function countsOf({ seen }: JudgeState['traffic']): string {
  return sentenceOfErrors(seen.green, seen.blue);
}

/** Metrics that the policy asks for and that have too little data to speak. */
function unheardSentence(asked: readonly AskedMetric[]): string {
  return asked
    .filter((one) => one.metric.unheard !== null && !isSpeaking(one))
    .map(({ metric, terms }) => {
      const waits = metric.isRequired(terms.settings) ? ', and promotion waits for them' : '';
      return `; ${metric.unheard}${waits}`;
    })
    .join('');
}
