/** Everything that is looked at before money is spent: the cool-down, the champion, the drift, the data. */
import type { OrchestrationContext } from 'durable-functions';
import type { ClaimResult } from '../../domain/retraining/cool-down.ts';
import { endWith, moveTo, type RetrainingProgress } from '../../domain/retraining/progress.ts';
import type { Champion, RetrainingState } from '../../domain/retraining/state.ts';
import { waitsForItsTurn, withoutTheModel } from '../../domain/retraining/without-the-model.ts';
import { call, nowIso, type Steps } from '../call.ts';
import { callCoolDown } from '../call-cool-down.ts';

/** Takes the model. One that may not have it ends here and says why; one of new data waits for its turn. */
export function* claim(ctx: OrchestrationContext, state: RetrainingState): Steps<RetrainingProgress> {
  const { retrainingId, policy, ignoreCoolDown, trigger } = state;
  const claimed = { retrainingId, nowIso: nowIso(ctx), coolDownSeconds: policy.coolDownSeconds, ignoreCoolDown };
  const input = waitsForItsTurn(state) ? { ...claimed, waitSinceIso: state.requestedAtIso } : claimed;
  const answer = yield* callCoolDown<ClaimResult>(ctx, state, 'claim', input);
  if (answer.kind !== 'granted') return withoutTheModel(state, answer, ctx.df.currentUtcDateTime.getTime());
  const found = yield* call(ctx, 'readChampion', { endpoint: state.endpoint, model: state.model });
  if (found.kind === 'none') return endWith('ignored', `${found.reason} Without a champion there is nothing to beat.`);
  if (state.judgesAgain) return judgeAgain(state, found.champion);
  const next = trigger.kind === 'drift' && policy.triggers.drift?.confirm !== 'off' ? 'confirming' : 'validating';
  return moveTo(next, `${trigger.sentence} Version ${found.champion.version} serves.`, {
    champion: found.champion,
    judgedData: answer.judgedData ?? null,
  });
}

/** What the job measured is about the champion of its time. */
function judgeAgain({ trigger, jobName, champion }: RetrainingState, serving: Champion): RetrainingProgress {
  if (champion?.version === serving.version) return moveTo('training', trigger.sentence, { champion: serving });
  const measured = `Job ${jobName} measured against version ${champion?.version ?? 'unknown'}`;
  return endWith('ignored', `${measured}, and version ${serving.version} serves now: retrain instead.`);
}

/** The monitor's word is checked against what was really asked; the policy says what a doubt means. */
export function* confirm(ctx: OrchestrationContext, state: RetrainingState): Steps<RetrainingProgress> {
  const { retrainingId, endpoint, champion, policy } = state;
  const isRequired = policy.triggers.drift?.confirm === 'required';
  if (policy.drift === null || champion === null) {
    const reason = 'The policy has no drift reference to confirm against.';
    return isRequired ? endWith('not-confirmed', reason) : moveTo('validating', reason);
  }
  const nowMs = ctx.df.currentUtcDateTime.getTime();
  const input = { retrainingId, endpoint, champion, policy: policy.drift, nowMs };
  const { verdict, sentence, evidence } = yield* call(ctx, 'confirmDrift', input);
  if (verdict === 'drifted') return moveTo('validating', `The drift is confirmed. ${sentence}`, { evidence });
  const doubt = `The drift is not confirmed. ${sentence}`;
  if (!isRequired) return moveTo('validating', `${doubt} The policy retrains all the same.`, { evidence });
  return moveTo('not-confirmed', doubt, { evidence });
}

export function* validate(ctx: OrchestrationContext, state: RetrainingState): Steps<RetrainingProgress> {
  const asOfIso = nowIso(ctx);
  const inspected = yield* call(ctx, 'inspectData', { policy: state.policy.data });
  if (inspected.kind === 'unfit') {
    return endWith('data-refused', `The data is not fit to be trained on: ${inspected.problems.join(' ')}`);
  }
  const { reference, uri, rows } = inspected;
  if (isVersion(reference) && reference === state.judgedData)
    return endWith('ignored', `${reference} was trained on already, and nothing newer has come.`);
  return moveTo('submitting', `${reference} has ${rows} rows and is fit to be trained on.`, {
    data: { reference, uri, rows, asOfIso },
  });
}

/** A version of an asset never changes; what lies under an address may. */
function isVersion(reference: string): boolean {
  return /^azureml:(?!\/\/)/.test(reference);
}
