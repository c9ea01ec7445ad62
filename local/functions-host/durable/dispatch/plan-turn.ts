/** Plans the turn of whatever the instance is: an orchestration or an entity. */
import { NEW_ENTITY, parseEntityState } from '../entities/entity-state.ts';
import { type EntityTurnTools, planEntityTurn } from '../entities/plan-entity-turn.ts';
import type { InstanceState } from '../store/instance-state.ts';
import type { EventMessage } from '../store/message.ts';
import { admit } from '../turn/admission.ts';
import { type OrchestratorTurnTools, planOrchestratorTurn } from '../turn/plan-orchestrator-turn.ts';
import type { TurnPlan } from '../turn/turn-plan.ts';

export type TurnTools = OrchestratorTurnTools & EntityTurnTools;

export interface TurnInput {
  readonly state: InstanceState;
  readonly batch: readonly EventMessage[];
  readonly turn: number;
  readonly nowMs: number;
}

/** Undefined when every message of the batch is dropped. */
export async function planTurn(tools: TurnTools, input: TurnInput): Promise<TurnPlan | undefined> {
  return isEntity(input.state.instanceId) ? planEntity(tools, input) : planOrchestration(tools, input);
}

export function isEntity(instanceId: string): boolean {
  return instanceId.startsWith('@');
}

async function planOrchestration(tools: TurnTools, { state, batch, nowMs }: TurnInput): Promise<TurnPlan | undefined> {
  const admission = admit(state.checkpoint, batch);
  if (admission.accepted.length === 0) return undefined;
  const customStatus = keepsCustomStatus(state, admission.start?.OrchestrationInstance.ExecutionId)
    ? (state.checkpoint?.customStatus ?? null)
    : null;
  return planOrchestratorTurn(tools, {
    instanceId: state.instanceId,
    nowMs,
    past: state.events,
    customStatus,
    admission,
  });
}

/** The custom status survives continue-as-new, not a start over. */
function keepsCustomStatus(state: InstanceState, startedExecutionId: string | undefined): boolean {
  return startedExecutionId === undefined || state.checkpoint?.status === 'ContinuedAsNew';
}

async function planEntity(tools: TurnTools, { state, batch, turn, nowMs }: TurnInput): Promise<TurnPlan | undefined> {
  const accepted = batch.filter(({ event }) => event.EventType === 'EventRaised');
  if (accepted.length === 0) return undefined;
  const started = state.events.find((event) => event.EventType === 'ExecutionStarted');
  return planEntityTurn(tools, {
    instanceId: state.instanceId,
    turn,
    nowMs,
    state: started ? parseEntityState(started.Input) : NEW_ENTITY,
    createdMs: started ? Date.parse(started.Timestamp) : nowMs,
    accepted,
  });
}
