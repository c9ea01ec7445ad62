/** What becomes of the challenger: the gate, and the registration that starts its rollout. */
import type { OrchestrationContext } from 'durable-functions';
import { endWith, moveTo, type RetrainingProgress } from '../../domain/retraining/progress.ts';
import type { RetrainingState } from '../../domain/retraining/state.ts';
import { lineageTags } from '../../domain/retraining/tags.ts';
import { call, type Steps } from '../call.ts';

export function* gate(ctx: OrchestrationContext, state: RetrainingState): Steps<RetrainingProgress> {
  const { retrainingId, jobName, policy } = state;
  const judged = yield* call(ctx, 'judgeChallenger', { retrainingId, jobName, policy: policy.gate });
  const patch = { codeCommit: judged.codeCommit, evidence: judged.evidence ?? state.evidence };
  if (judged.verdict === 'pass')
    return moveTo('registering', `The challenger passed the gate. ${judged.sentence}`, patch);
  return moveTo('gate-failed', `The challenger is not registered. ${judged.sentence}`, patch);
}

export function* register(ctx: OrchestrationContext, state: RetrainingState): Steps<RetrainingProgress> {
  const { model, jobName, modelUri, trigger } = state;
  const description = `Retrained by Slipway (${trigger.kind}): ${trigger.sentence}`.slice(0, 500);
  const input = { model, jobName, modelUri: modelUri ?? '', description, tags: lineageTags(state) };
  const answer = yield* call(ctx, 'registerVersion', input);
  if (answer.kind === 'refused') return endWith('job-failed', `The version could not be registered: ${answer.reason}`);
  return moveTo(
    'registered',
    `Registered version ${answer.version} of ${model}; its rollout starts by its own event.`,
    {
      version: answer.version,
    },
  );
}
