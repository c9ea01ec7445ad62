/** Runs activities, at least once each: the request is removed in the same write that stores its result. */
import { type Clock, sleep } from '../../../emulator/clock.ts';
import type { DurableLog } from '../../seams/durable-host.ts';
import type { FunctionInvoker } from '../../seams/invocation.ts';
import { HTTP_ACTIVITY } from '../engine/http-flow.ts';
import { unknownFunctionText } from '../engine/start-action.ts';
import type { FunctionRegistry } from '../seams/function-registry.ts';
import type { ActivityMessage, Message } from '../store/message.ts';
import type { TaskHubStore } from '../store/task-hub-store.ts';
import { type ActivityAnswer, activityAnswer, activityInput, answerEvent } from './activity-data.ts';
import { runHttpActivity } from './http-activity.ts';
import { Limiter } from './limiter.ts';
import type { Sequencer } from './sequencer.ts';
import type { WorkGauge } from './work-gauge.ts';

const STORE_RETRY_MS = 1_000;

export interface ActivityWorkerParts {
  readonly store: TaskHubStore;
  readonly clock: Clock;
  readonly log: DurableLog;
  readonly invoker: FunctionInvoker;
  readonly registry: FunctionRegistry;
  readonly sequencer: Sequencer;
  readonly gauge: WorkGauge;
  readonly deliver: (message: Message) => void;
  readonly maxConcurrentActivities: number;
  readonly stopping: AbortSignal;
}

export class ActivityWorker {
  readonly #parts: ActivityWorkerParts;
  readonly #limiter: Limiter;

  constructor(parts: ActivityWorkerParts) {
    this.#parts = parts;
    this.#limiter = new Limiter(parts.maxConcurrentActivities);
  }

  accept(message: ActivityMessage): void {
    void this.#parts.gauge.track(() => this.#limiter.run(() => this.#run(message)));
  }

  async #run(message: ActivityMessage): Promise<void> {
    const { sequencer, clock, stopping, deliver } = this.#parts;
    if (stopping.aborted) return;
    const answer = await this.#execute(message).catch(
      (error: unknown): ActivityAnswer => ({ ok: false, message: `the host could not run it: ${String(error)}` }),
    );
    const { instanceId, executionId, taskId } = message;
    const nowMs = clock.nowMs();
    const event = answerEvent(message, answer, nowMs);
    const draft = {
      kind: 'event',
      id: `r.${executionId}.${taskId}`,
      instanceId,
      executionId,
      dueMs: nowMs,
      event,
    } as const;
    const result = sequencer.stamp(draft, nowMs, null);
    while (!stopping.aborted) {
      if (await this.#store(message, result)) {
        deliver(result);
        return;
      }
      await sleep(clock, STORE_RETRY_MS, stopping).catch(() => {});
    }
  }

  async #store(message: ActivityMessage, answer: Message): Promise<boolean> {
    const { store, log } = this.#parts;
    try {
      await store.changeMessages({ instanceId: message.instanceId, put: [answer], remove: [message.id] });
      return true;
    } catch (error) {
      log(
        'error',
        `The result of activity '${message.name}' of '${message.instanceId}' was not stored: ${String(error)}`,
      );
      return false;
    }
  }

  async #execute(message: ActivityMessage): Promise<ActivityAnswer> {
    const { invoker, registry } = this.#parts;
    if (message.name === HTTP_ACTIVITY) return runHttpActivity(message.input);
    const functionName = registry.find('activity', message.name);
    if (functionName === undefined) {
      return { ok: false, message: unknownFunctionText('activity', message.name, registry.names('activity')) };
    }
    const trigger = activityInput(message.input);
    const triggerMetadata = { instanceId: { string: message.instanceId }, data: trigger };
    return activityAnswer(await invoker.invoke({ functionName, trigger, triggerMetadata }));
  }
}
