/**
 * Commits one turn.
 *
 * 1. The order is: outgoing messages, history with checkpoint, instance record, removal of the consumed messages.
 * 2. Consumed messages of a living instance are removed together with the next turn's messages; until then the
 *    checkpoint names them, so that they are not taken twice after a crash.
 * 3. Messages carry the turn that sent them: until the checkpoint reaches that turn they are void.
 * 4. Messages of an attempt that failed are removed before the next attempt's are written.
 */

import type { InstanceState } from '../store/instance-state.ts';
import type { Message } from '../store/message.ts';
import { type Checkpoint, isFinished, MAX_ATOMIC_CHANGES, type TaskHubStore } from '../store/task-hub-store.ts';
import type { TurnPlan } from '../turn/turn-plan.ts';
import type { Sequencer } from './sequencer.ts';

export interface TurnToCommit {
  readonly state: InstanceState;
  readonly plan: TurnPlan;
  readonly turn: number;
  readonly nowMs: number;
  readonly consumedIds: readonly string[];
  /** Messages of failed attempts of this instance, still stored. */
  readonly orphans: readonly Message[];
}

export interface CommittedTurn {
  readonly state: InstanceState;
  readonly sent: readonly Message[];
}

/** Ids to remove from the instance's own partition with the first write of the next turn. */
export function leftoverIds(state: InstanceState): readonly string[] {
  return state.checkpoint?.consumedMessageIds ?? [];
}

export function stampMessages(toCommit: Omit<TurnToCommit, 'orphans'>, sequencer: Sequencer): readonly Message[] {
  const origin = { instanceId: toCommit.state.instanceId, turn: toCommit.turn };
  return toCommit.plan.messages.map((draft) => sequencer.stamp(draft, toCommit.nowMs, origin));
}

export async function commitTurn(
  store: TaskHubStore,
  toCommit: TurnToCommit,
  sent: readonly Message[],
): Promise<CommittedTurn> {
  await sendMessages(store, toCommit, sent);
  const state = await writeHistory(store, toCommit);
  return { state, sent };
}

/**
 * The visible record may lag behind the history; recovery writes it again after a crash in between.
 * A change that nobody could see is not written: times are shown in whole seconds.
 */
export async function writeRecord(store: TaskHubStore, before: InstanceState, plan: TurnPlan): Promise<void> {
  if ('put' in plan.record) await store.putInstance(plan.record.put);
  else if (isVisible(before, plan)) await store.changeInstance(before.instanceId, plan.record.change);
}

function isVisible({ checkpoint, recordMs }: InstanceState, plan: TurnPlan): boolean {
  if (plan.status === 'ContinuedAsNew') return false;
  if (!('change' in plan.record) || checkpoint?.status !== plan.status) return true;
  const { output, lastUpdatedMs = 0 } = plan.record.change;
  const sameSecond = recordMs !== undefined && Math.floor(recordMs / 1000) === Math.floor(lastUpdatedMs / 1000);
  return output !== undefined || checkpoint.customStatus !== plan.customStatus || !sameSecond;
}

/** After the end nothing is left in the instance's partition: neither consumed messages nor its open timers. */
export async function removeRemains(
  store: TaskHubStore,
  state: InstanceState,
  timerIds: readonly string[],
): Promise<void> {
  const finished = state.checkpoint !== undefined && isFinished(state.checkpoint.status);
  await changeInChunks(store, state.instanceId, [], [...(finished ? leftoverIds(state) : []), ...timerIds]);
}

async function sendMessages(store: TaskHubStore, toCommit: TurnToCommit, sent: readonly Message[]): Promise<void> {
  const own = toCommit.state.instanceId;
  const puts = groupByInstance(sent);
  const removals = groupByInstance(toCommit.orphans);
  const kept = new Set(sent.map(({ instanceId, id }) => `${instanceId}\n${id}`));
  const partitions = new Set([own, ...puts.keys(), ...removals.keys()]);
  await Promise.all(
    [...partitions].map((instanceId) => {
      const orphanIds = (removals.get(instanceId) ?? []).map((message) => message.id);
      const remove = orphanIds.filter((id) => !kept.has(`${instanceId}\n${id}`));
      if (instanceId === own) remove.push(...leftoverIds(toCommit.state));
      return changeInChunks(store, instanceId, puts.get(instanceId) ?? [], remove);
    }),
  );
}

async function changeInChunks(
  store: TaskHubStore,
  instanceId: string,
  put: readonly Message[],
  remove: readonly string[],
): Promise<void> {
  const total = put.length + remove.length;
  for (let from = 0; from < total; from += MAX_ATOMIC_CHANGES) {
    const to = from + MAX_ATOMIC_CHANGES;
    const removeFrom = Math.max(0, from - put.length);
    const removeTo = Math.max(0, to - put.length);
    await store.changeMessages({ instanceId, put: put.slice(from, to), remove: remove.slice(removeFrom, removeTo) });
  }
}

function groupByInstance(messages: readonly Message[]): Map<string, Message[]> {
  return Map.groupBy(messages, (message) => message.instanceId);
}

async function writeHistory(store: TaskHubStore, toCommit: TurnToCommit): Promise<InstanceState> {
  const { state, plan, nowMs } = toCommit;
  const kept = plan.from === 0 ? [] : state.events;
  const checkpoint: Checkpoint = {
    executionId: plan.executionId,
    turn: toCommit.turn,
    status: plan.status,
    customStatus: plan.customStatus,
    consumedMessageIds: toCommit.consumedIds,
    length: plan.from + plan.events.length,
  };
  const { instanceId, tag } = state;
  const next = await store.commitHistory({
    instanceId,
    tag,
    checkpoint,
    from: plan.from,
    events: plan.events,
    completedMs: nowMs,
  });
  return { instanceId, tag: next, checkpoint, events: [...kept, ...plan.events], recordMs: nowMs };
}
