/**
 * Runs activities, at least once each: the request is removed in the same write that stores its result.
 * Inputs and results are converted as the extension does it (activity trigger of DurableTask, SDK 3.5.0).
 */
import { z } from 'zod';
import { type Clock, sleep } from '../../../emulator/clock.ts';
import type { DurableLog } from '../../durable-host.ts';
import type { FunctionInvoker, InvocationOutcome, RpcTypedData } from '../../invocation.ts';
import { HTTP_ACTIVITY } from '../engine/http-flow.ts';
import type { HistoryEvent } from '../engine/history-event.ts';
import { unknownFunctionText } from '../engine/start-action.ts';
import { wireTime } from '../engine/wire-time.ts';
import type { FunctionRegistry } from '../function-registry.ts';
import type { TaskHubStore } from '../store/task-hub-store.ts';
import { runHttpActivity } from './http-activity.ts';
import { Limiter } from './limiter.ts';
import type { ActivityMessage, Message } from './message.ts';
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
    if (this.#parts.stopping.aborted) return;
    const event = await this.#execute(message).catch((error: unknown) =>
      taskFailed(message, `the host could not run it: ${String(error)}`),
    );
    const { sequencer, clock, stopping, deliver } = this.#parts;
    const { instanceId, executionId, taskId } = message;
    const nowMs = clock.nowMs();
    const draft = { kind: 'event', id: `r.${executionId}.${taskId}`, instanceId, executionId, dueMs: nowMs, event } as const;
    const answer = sequencer.stamp(draft, nowMs, null);
    while (!stopping.aborted) {
      if (await this.#store(message, answer)) {
        deliver(answer);
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
      log('error', `The result of activity '${message.name}' of '${message.instanceId}' was not stored: ${String(error)}`);
      return false;
    }
  }

  async #execute(message: ActivityMessage): Promise<HistoryEvent> {
    const { clock, invoker, registry } = this.#parts;
    const answer = (event: Omit<AnswerEvent, 'Timestamp' | 'EventId' | 'TaskScheduledId'>) =>
      ({ ...event, EventId: -1, TaskScheduledId: message.taskId, Timestamp: wireTime(clock.nowMs()) }) as HistoryEvent;
    if (message.name === HTTP_ACTIVITY) return answer(await runHttpActivity(message.input));
    const functionName = registry.find('activity', message.name);
    if (functionName === undefined) {
      return taskFailed(message, unknownFunctionText('activity', message.name, registry.names('activity')));
    }
    const trigger = activityInput(message.input);
    const outcome = await invoker.invoke({
      functionName,
      trigger,
      triggerMetadata: { instanceId: { string: message.instanceId }, data: trigger },
    });
    return answer(activityOutcome(functionName, outcome));
  }
}

export type AnswerEvent = Extract<HistoryEvent, { EventType: 'TaskCompleted' | 'TaskFailed' }>;
