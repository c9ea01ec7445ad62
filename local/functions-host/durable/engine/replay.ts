/**
 * The second replay: history and action list in, new decisions and the end of the execution out.
 *
 * 1. Actions are started one after another; the next starts only when the one before has settled, well or badly.
 * 2. Every scheduling event of the history must meet a pending decision of its id, kind and name.
 * 3. An execution completes only when its list has settled and nothing is open.
 * 4. From a suspension on, later events and pending decisions are held back until resumption.
 */
import type { OrchestratorState } from './actions.ts';
import type { Completion, Decision } from './decision.ts';
import { EngineFailure } from './engine-failure.ts';
import { DONE, type EngineTask, type Flow, runFlow } from './engine-task.ts';
import { releaseLock } from './entity-flow.ts';
import type { HistoryEvent, HistoryEventOf } from './history-event.ts';
import { matchScheduled } from './match-scheduled.ts';
import { type Execution, type FunctionCatalog, ReplayContext, type ReplayLimits } from './replay-context.ts';
import { startAction } from './start-action.ts';

export interface ReplayRequest {
  readonly functionName: string;
  readonly execution: Execution;
  readonly history: readonly HistoryEvent[];
  readonly state: OrchestratorState;
  readonly limits: ReplayLimits;
  readonly catalog: FunctionCatalog;
}

export interface ReplayOutcome {
  /** New decisions, by id. */
  readonly decisions: readonly Decision[];
  readonly completion: Completion | undefined;
  /** Events that came after continue-as-new in the same batch; they belong to the next execution. */
  readonly carried: readonly HistoryEventOf<'EventRaised'>[];
  readonly suspended: boolean;
}

export function replay(request: ReplayRequest): ReplayOutcome {
  const walk = new HistoryWalk(request);
  try {
    for (const event of request.history) walk.meet(event);
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    return { decisions: [], completion: engineFailed(request, error), carried: [], suspended: false };
  }
  return walk.conclude();
}

function engineFailed(request: ReplayRequest, error: EngineFailure): Completion {
  const reason =
    error.name === 'NonDeterminism'
      ? error.message
      : `Orchestrator function '${request.functionName}' failed: ${error.message}`;
  return { kind: 'failed', reason, details: `Message: ${error.message}, StackTrace: none` };
}

class HistoryWalk {
  readonly #request: ReplayRequest;
  readonly #context: ReplayContext;
  #list: EngineTask | undefined;
  #suspended = false;
  #terminated: Completion | undefined;
  readonly #heldEvents: HistoryEvent[] = [];
  readonly #heldDecisions = new Map<number, Decision>();

  constructor(request: ReplayRequest) {
    this.#request = request;
    this.#context = new ReplayContext(request.execution, request.limits, request.catalog);
  }

  meet(event: HistoryEvent): void {
    const breaksSuspension = event.EventType === 'ExecutionResumed' || event.EventType === 'ExecutionTerminated';
    if (this.#suspended && !breaksSuspension) {
      if (event.EventType !== 'ExecutionSuspended') this.#heldEvents.push(event);
      return;
    }
    if (!this.#steer(event)) this.#progress(event);
  }

  conclude(): ReplayOutcome {
    const context = this.#context;
    const decisions = [...context.pending.values()].sort((a, b) => a.id - b.id);
    return { decisions, completion: this.#completion(), carried: context.carried, suspended: this.#suspended };
  }

  /** Events that control the execution; true when `event` was one. */
  #steer(event: HistoryEvent): boolean {
    switch (event.EventType) {
      case 'OrchestratorStarted':
        this.#context.nowMs = Date.parse(event.Timestamp);
        return true;
      case 'ExecutionStarted':
        this.#list = runFlow(actionListFlow(this.#context, this.#request.state));
        return true;
      case 'ExecutionSuspended':
        this.#suspend();
        return true;
      case 'ExecutionResumed':
        this.#resume();
        return true;
      case 'ExecutionTerminated':
        this.#terminated ??= { kind: 'terminated', reason: event.Input };
        return true;
      default:
        return false;
    }
  }

  #progress(event: HistoryEvent): void {
    const context = this.#context;
    switch (event.EventType) {
      case 'TaskScheduled':
      case 'TimerCreated':
      case 'SubOrchestrationInstanceCreated':
      case 'EventSent':
        matchScheduled(context.pending, event);
        break;
      case 'TaskCompleted':
      case 'SubOrchestrationInstanceCompleted':
        context.settle(event.TaskScheduledId, { ok: true, result: event.Result });
        break;
      case 'TaskFailed':
      case 'SubOrchestrationInstanceFailed':
        context.settle(event.TaskScheduledId, {
          ok: false,
          nonRetriable: event.FailureDetails?.IsNonRetriable === true,
        });
        break;
      case 'TimerFired':
        context.settle(event.TimerId, DONE);
        break;
      case 'EventRaised':
        context.raise(event);
        break;
    }
  }

  #suspend(): void {
    this.#suspended = true;
    for (const [id, decision] of this.#context.pending) this.#heldDecisions.set(id, decision);
    this.#context.pending.clear();
  }

  #resume(): void {
    this.#suspended = false;
    for (const [id, decision] of this.#heldDecisions) this.#context.pending.set(id, decision);
    this.#heldDecisions.clear();
    for (const event of this.#heldEvents.splice(0)) this.meet(event);
  }

  #completion(): Completion | undefined {
    if (this.#terminated) return this.#terminated;
    const { state, functionName } = this.#request;
    if (!this.#list?.settlement || this.#context.open.size > 0) return undefined;
    if (state.error != null && state.error !== '') {
      return {
        kind: 'failed',
        reason: `Orchestrator function '${functionName}' failed: ${state.error}`,
        details: `Message: ${state.error}, StackTrace: none`,
        ...(state.failureDetails ? { failureDetails: state.failureDetails } : {}),
      };
    }
    if (!state.isDone) return undefined;
    const continued = this.#context.continueInput;
    if (continued) return { kind: 'continuedAsNew', input: continued.text };
    return { kind: 'completed', output: state.output === undefined ? null : JSON.stringify(state.output) };
  }
}

/** An action's failure is swallowed here: the SDK has dealt with it. A lock still held at the end is released. */
function* actionListFlow(context: ReplayContext, state: OrchestratorState): Flow {
  for (const action of state.actions.flat()) yield startAction(context, action);
  if (state.isDone || state.error) releaseLock(context);
  return DONE;
}
