/** Does the clean-up of a lost rollout: the same rollback as its own, under another instance id. */
import type { OrchestrationContext } from 'durable-functions';
import { FIRST_RECOVERY_SEQUENCE } from '../domain/lane/recovery.ts';
import type { RolloutState } from '../domain/rollout/state.ts';
import type { Steps } from './call.ts';
import { record } from './record.ts';
import { runRollout } from './rollout.ts';

export function* recoverLane(ctx: OrchestrationContext): Steps<object | undefined> {
  let state = ctx.df.getInput<RolloutState>();
  if (state.auditSequence === FIRST_RECOVERY_SEQUENCE) {
    state = yield* record(ctx, state, { kind: 'lane-recovered', reason: state.note, actor: 'watchdog' });
  }
  return yield* runRollout(ctx, state);
}
