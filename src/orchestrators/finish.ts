/** The last acts of a rollout: the version's tags say how it ended, the lane is handed to the next one. */
import type { OrchestrationContext } from 'durable-functions';
import type { RolloutState } from '../domain/rollout/state.ts';
import { finalTags } from '../domain/rollout/tags.ts';
import { call, callLane, type Steps } from './call.ts';

const TAG_LOSS = 'The outcome stands; its tags could not be written';

export function* finish(ctx: OrchestrationContext, state: RolloutState): Steps<void> {
  const tags = finalTags(state);
  if (tags) yield* tag(ctx, state, tags);
  const left = yield* callLane(ctx, state.endpoint, 'leave', { id: state.rolloutId });
  if (left.next) yield* call(ctx, 'wakeRollout', { rolloutId: left.next });
}

/** A version without tags is judged again at the next event; the lane must be handed over all the same. */
function* tag(ctx: OrchestrationContext, state: RolloutState, tags: Readonly<Record<string, string>>): Steps<void> {
  try {
    const tagged = yield* call(ctx, 'tagVersion', { model: state.model, version: state.version, tags });
    if (tagged.kind === 'refused') ctx.error(`${TAG_LOSS}: ${tagged.reason}`);
  } catch (error) {
    ctx.error(`${TAG_LOSS}: ${String(error)}`);
  }
}
