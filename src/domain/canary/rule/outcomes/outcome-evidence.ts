/** What the outcomes say so far, against green and for it. */
import { logAdd, logWeightedSum } from '../log-domain.ts';
import type { RuleOptions } from '../rule-options.ts';
import { logUnspentWeight, type StartPrior } from '../start-mixing.ts';
import { OUTCOME_LOSSES } from './outcome-losses.ts';
import type { OutcomeOptions } from './outcome-options.ts';
import type { OutcomeState } from './outcome-state.ts';

/** A mean of fewer values is not normal enough to be trusted. */
const LEAST_VALUES_OF_MEAN = 500;
const WEIGHTS = OUTCOME_LOSSES.map(({ weight }) => weight);

export interface OutcomeLogs {
  /** ln E against green. */
  readonly logEvidence: number;
  /** ln P for green. */
  readonly logAssurance: number;
  /** False as long as there are too few outcomes to say anything. */
  readonly speaks: boolean;
}

const SILENT: OutcomeLogs = { logEvidence: 0, logAssurance: 0, speaks: false };

/** Silent evidence may count against itself but not for itself, so that waiting for enough values wins nothing. */
export function outcomeLogs(state: OutcomeState | null, { outcomes, start }: RuleOptions): OutcomeLogs {
  if (!state || !outcomes) return SILENT;
  const logEvidence = logOfEvidence(state, start);
  if (isEnough(state, outcomes)) return { logEvidence, logAssurance: state.assurance, speaks: true };
  return { logEvidence: Math.min(0, logEvidence), logAssurance: Math.min(0, state.assurance), speaks: false };
}

/** ln E of all losses, whether or not there are enough values. */
export function logOfEvidence({ evidence, looks }: OutcomeState, start: StartPrior): number {
  return logAdd(logWeightedSum(WEIGHTS, evidence), logUnspentWeight(start, looks));
}

function isEnough({ judged, seen }: OutcomeState, { kind }: OutcomeOptions): boolean {
  if (kind === 'rate') return judged > 0;
  return judged > 0 && Math.min(seen.green.count, seen.blue.count) >= LEAST_VALUES_OF_MEAN;
}
