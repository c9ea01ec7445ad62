/** Typed calls of activities and lane operations from an orchestrator. */
import { EntityId, type OrchestrationContext, RetryOptions, type Task } from 'durable-functions';
import type { ActivityInput, ActivityName, ActivityOutput } from '../contracts/activities.ts';
import type { LaneAnswers, LaneInput, LaneOperation } from '../contracts/lane.ts';
import { INBOX_POSTED, LANE_ENTITY } from '../contracts/names.ts';
import type { EndpointName } from '../domain/ids/names.ts';

/** A piece of an orchestration; `yield*` it. What the engine passes back is typed by the piece itself. */
// biome-ignore lint/suspicious/noExplicitAny: durable-functions types what a yield gives back as any.
export type Steps<Result> = Generator<Task, Result, any>;

const FIRST_RETRY_MS = 1000;
const MAX_ATTEMPTS = 4;
const MAX_RETRY_MS = 30_000;

/** Calls an activity; transient failures are retried after 1, 2 and 4 seconds, then thrown. */
export function* call<Name extends ActivityName>(
  ctx: OrchestrationContext,
  name: Name,
  input: ActivityInput<Name>,
): Steps<ActivityOutput<Name>> {
  const retry = new RetryOptions(FIRST_RETRY_MS, MAX_ATTEMPTS);
  retry.backoffCoefficient = 2;
  retry.maxRetryIntervalInMilliseconds = MAX_RETRY_MS;
  const output: ActivityOutput<Name> = yield ctx.df.callActivityWithRetry(name, retry, input);
  return output;
}

/** Calls one operation of an endpoint's lane. */
export function* callLane<Operation extends LaneOperation>(
  ctx: OrchestrationContext,
  endpoint: EndpointName,
  operation: Operation,
  input: LaneInput<Operation>,
): Steps<LaneAnswers[Operation]> {
  const result: LaneAnswers[Operation] = yield ctx.df.callEntity(new EntityId(LANE_ENTITY, endpoint), operation, input);
  return result;
}

/** Waits until the time has passed or somebody posted to the inbox. A lost wake-up costs one wait, never a command. */
export function* waitForInbox(ctx: OrchestrationContext, seconds: number): Steps<void> {
  const fireAt = new Date(ctx.df.currentUtcDateTime.getTime() + Math.max(1, seconds) * 1000);
  const timer = ctx.df.createTimer(fireAt);
  yield ctx.df.Task.any([timer, ctx.df.waitForExternalEvent(INBOX_POSTED)]);
  if (!timer.isCompleted) timer.cancel();
}

export function nowIso(ctx: OrchestrationContext): string {
  return ctx.df.currentUtcDateTime.toISOString();
}

/** Seconds since an ISO time on the orchestration's clock. */
export function secondsSince(ctx: OrchestrationContext, iso: string): number {
  return (ctx.df.currentUtcDateTime.getTime() - Date.parse(iso)) / 1000;
}
