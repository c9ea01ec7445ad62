/** One turn of an orchestration: new events in, the app's orchestrator asked once, a plan out. Writes nothing. */
import type { FunctionInvoker } from '../../seams/invocation.ts';
import type { Completion } from '../engine/decision.ts';
import type { HistoryEvent, HistoryEventOf } from '../engine/history-event.ts';
import { type ReplayOutcome, replay } from '../engine/replay.ts';
import type { ReplayLimits } from '../engine/replay-context.ts';
import { unknownFunctionText } from '../engine/start-action.ts';
import { wireTime } from '../engine/wire-time.ts';
import type { FunctionRegistry } from '../seams/function-registry.ts';
import type { InstanceRecord } from '../store/task-hub-store.ts';
import type { Admission } from './admission.ts';
import { carryOut } from './carry-out.ts';
import { conclude } from './conclude.ts';
import { nextCustomStatus } from './custom-status.ts';
import { readSdkOutcome } from './sdk-outcome.ts';
import { orchestratorPayload } from './sdk-payload.ts';
import type { MessageDraft, TurnPlan } from './turn-plan.ts';

export interface OrchestratorTurnTools {
  readonly invoker: FunctionInvoker;
  readonly registry: FunctionRegistry;
  readonly limits: ReplayLimits;
  /** Version of sub-orchestrations that name none. */
  readonly defaultVersion: string | null;
}

export interface OrchestratorTurn {
  readonly instanceId: string;
  readonly nowMs: number;
  /** Events of the current execution; empty when the batch starts one. */
  readonly past: readonly HistoryEvent[];
  readonly customStatus: string | null;
  readonly admission: Admission;
}

/** What the orchestrator decided in this turn. */
interface Verdict extends ReplayOutcome {
  readonly customStatus: string | null;
}

export async function planOrchestratorTurn(tools: OrchestratorTurnTools, turn: OrchestratorTurn): Promise<TurnPlan> {
  const past = turn.admission.start ? [] : turn.past;
  const Timestamp = wireTime(turn.nowMs);
  const news: HistoryEvent[] = [
    { EventType: 'OrchestratorStarted', EventId: -1, Timestamp },
    ...turn.admission.accepted.map((message) => message.event),
  ];
  const history = [...past, ...news];
  const started = history.find((event) => event.EventType === 'ExecutionStarted');
  if (!started) throw new Error(`The history of '${turn.instanceId}' has no ExecutionStarted event: it is corrupt.`);
  const verdict = await decide(tools, turn, { history, playedLength: past.length, started });
  return assemble(turn, { started, from: past.length, news, verdict });
}

interface Known {
  readonly history: readonly HistoryEvent[];
  readonly playedLength: number;
  readonly started: HistoryEventOf<'ExecutionStarted'>;
}

async function decide(tools: OrchestratorTurnTools, turn: OrchestratorTurn, known: Known): Promise<Verdict> {
  const { started, history } = known;
  const functionName = tools.registry.find('orchestrator', started.Name);
  if (functionName === undefined) {
    return failed(
      turn,
      started.Name,
      unknownFunctionText('orchestrator', started.Name, tools.registry.names('orchestrator')),
    );
  }
  const parentInstanceId = started.ParentInstance?.OrchestrationInstance.InstanceId ?? null;
  const { limits, invoker, registry } = tools;
  const payload = orchestratorPayload({
    instanceId: turn.instanceId,
    parentInstanceId,
    history,
    playedLength: known.playedLength,
    input: started.Input,
    limits,
  });
  const outcome = readSdkOutcome(await invoker.invoke({ functionName, trigger: { string: payload } }));
  if (!outcome.ok) return failed(turn, functionName, outcome.message);
  const status = nextCustomStatus(outcome.state.customStatus, turn.customStatus);
  if (!status.ok) return failed(turn, functionName, status.message);
  const execution = {
    instanceId: turn.instanceId,
    executionId: started.OrchestrationInstance.ExecutionId,
    parentInstanceId,
    defaultVersion: tools.defaultVersion,
  };
  const replayed = replay({ functionName, execution, history, state: outcome.state, limits, catalog: registry });
  return { ...replayed, customStatus: status.text };
}

function failed(turn: OrchestratorTurn, functionName: string, message: string): Verdict {
  const completion: Completion = {
    kind: 'failed',
    reason: `Orchestrator function '${functionName}' failed: ${message}`,
    details: `Message: ${message}, StackTrace: none`,
  };
  return { decisions: [], completion, carried: [], suspended: false, customStatus: turn.customStatus };
}

interface Parts {
  readonly started: HistoryEventOf<'ExecutionStarted'>;
  readonly from: number;
  readonly news: readonly HistoryEvent[];
  readonly verdict: Verdict;
}

function assemble(turn: OrchestratorTurn, { started, from, news, verdict }: Parts): TurnPlan {
  const { nowMs, instanceId } = turn;
  const { ExecutionId: executionId } = started.OrchestrationInstance;
  const execution = { instanceId, executionId, name: started.Name, version: started.Version, nowMs };
  const steps = verdict.decisions.map((decision) => carryOut(execution, decision));
  const ending = { nowMs, started, carried: verdict.carried };
  const conclusion = verdict.completion && conclude(ending, verdict.completion);
  const messages: MessageDraft[] = [...steps.map((step) => step.message), ...(conclusion?.messages ?? [])];
  const events: HistoryEvent[] = [
    ...news,
    ...steps.map((step) => step.event),
    ...(conclusion?.events ?? []),
    { EventType: 'OrchestratorCompleted', EventId: -1, Timestamp: wireTime(nowMs) },
  ];
  const status = conclusion?.status ?? (verdict.suspended ? 'Suspended' : 'Running');
  const finished = status !== 'Running' && status !== 'Suspended' && status !== 'ContinuedAsNew';
  const record: InstanceRecord = {
    instanceId,
    executionId,
    name: started.Name,
    version: started.Version,
    input: started.Input,
    output: conclusion ? conclusion.output : steeringReason(news),
    customStatus: verdict.customStatus,
    status: status === 'ContinuedAsNew' ? 'Running' : status,
    createdMs: Date.parse(started.Timestamp),
    lastUpdatedMs: nowMs,
    completedMs: finished ? nowMs : null,
  };
  return {
    executionId,
    from,
    events,
    status,
    customStatus: verdict.customStatus,
    messages,
    record: from === 0 ? { put: record } : { change: changeOf(record) },
  };
}

/** A suspend or resume leaves its reason in the output column. */
function steeringReason(news: readonly HistoryEvent[]): string | null {
  const last = news.findLast(
    (event) => event.EventType === 'ExecutionSuspended' || event.EventType === 'ExecutionResumed',
  );
  return last?.EventType === 'ExecutionSuspended' || last?.EventType === 'ExecutionResumed' ? last.Reason : null;
}

function changeOf({ status, customStatus, output, lastUpdatedMs, completedMs }: InstanceRecord) {
  const change = { status, customStatus, lastUpdatedMs };
  if (completedMs !== null) return { ...change, output, completedMs };
  return output === null ? change : { ...change, output };
}
