/** What becomes of a retraining that may not have its model: it ends with the reason, or waits for its turn. */
import type { ClaimResult } from './cool-down.ts';
import { endWith, moveTo, type RetrainingProgress, stayAndWait } from './progress.ts';
import type { RetrainingState } from './state.ts';

/** A durable timer is bounded to this; the wait then goes on. */
const LONGEST_WAIT_SECONDS = 86_400;

/** New data comes once, so its retraining must not be lost; a drift, an alert or a schedule comes again, and a person is told. */
export function waitsForItsTurn({ trigger }: RetrainingState): boolean {
  return trigger.kind === 'new-data';
}

export function withoutTheModel(
  state: RetrainingState,
  answer: Exclude<ClaimResult, { readonly kind: 'granted' }>,
  nowMs: number,
): RetrainingProgress {
  const waits = waitsForItsTurn(state);
  switch (answer.kind) {
    case 'busy':
      if (!waits) return endWith('cooling-down', `Retraining ${answer.holder} of this model runs already.`);
      return wait(state, `New data waits for the end of ${answer.holder}.`, state.policy.pollSeconds);
    case 'cooling-down':
      if (waits)
        return wait(state, `New data waits until ${answer.untilIso}.`, (Date.parse(answer.untilIso) - nowMs) / 1000);
      return endWith(
        'cooling-down',
        `The model was retrained a short while ago; events start nothing until ${answer.untilIso}.`,
      );
    case 'covered':
      return endWith('cooling-down', `${answer.by} trained on data that was looked at after this had come.`);
    case 'superseded':
      return endWith('cooling-down', `Newer data waits in its place, for ${answer.by}.`);
    case 'aborted':
      return endWith('aborted', `Aborted by ${answer.by}: ${answer.reason}`, answer.by);
  }
}

function wait(state: RetrainingState, note: string, seconds: number): RetrainingProgress {
  if (state.phase === 'requested') return moveTo('waiting', note);
  return stayAndWait(note, Math.min(LONGEST_WAIT_SECONDS, Math.ceil(seconds)));
}
